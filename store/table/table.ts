/**
 * The one table, defined once, for the local stack and for the CDK construct. keys.ts lists its
 * items.
 */
export const TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  ttlAttribute: 'expiresAt',
  indexes: [
    {
      /**
       * Where a run is in its life: waiting, claimed, failed. Sparse. It proposes, and decides
       * nothing.
       */
      name: 'dispatch',
      partitionKey: 'gsi1pk',
      sortKey: 'gsi1sk',
      projected: ['deploymentId', 'attempt', 'claimId'],
    },
    {
      /** Lists runs by day, flows and deployments by name. Keys never change. */
      name: 'timeline',
      partitionKey: 'gsi2pk',
      sortKey: 'gsi2sk',
      projected: [],
    },
    {
      /** Lists the runs of one deployment by time, with the timeline's own sort key. */
      name: 'deployment',
      partitionKey: 'gsi3pk',
      sortKey: 'gsi2sk',
      projected: [],
    },
  ],
} as const;

/**
 * The version of the items' format. It grows when new items can no longer be read by the code
 * before. That older code then reports it, each minute, and its sweeper leaves the table alone.
 * docs/upgrades.md has the rule: readers before writers, one new index per deployment.
 */
export const SCHEMA_VERSION = 1;
