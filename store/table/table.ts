/**
 * The one table, defined once: the local stack creates it from here, and so does the CDK construct.
 * What lies in it, item by item, stands in keys.ts.
 */
export const TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  ttlAttribute: 'expiresAt',
  indexes: [
    {
      /** Where a run is in its life: waiting, claimed, failed. Sparse. Proposes, never decides. */
      name: 'dispatch',
      partitionKey: 'gsi1pk',
      sortKey: 'gsi1sk',
      projected: ['deploymentId', 'attempt', 'claimId'],
    },
    {
      /** Runs by day of creation, flows and deployments by name: listing. Keys never change. */
      name: 'timeline',
      partitionKey: 'gsi2pk',
      sortKey: 'gsi2sk',
      projected: [],
    },
    {
      /** Runs of one deployment by time of creation: the timeline's own sort key serves again. */
      name: 'deployment',
      partitionKey: 'gsi3pk',
      sortKey: 'gsi2sk',
      projected: [],
    },
  ],
} as const;

/**
 * Which form the items have. It grows when what is written can no longer be read by the code before; that
 * code then says so, each minute, and leaves the table alone where it sweeps. docs/upgrades.md has the rule:
 * readers before writers, one new index per deployment.
 */
export const SCHEMA_VERSION = 1;
