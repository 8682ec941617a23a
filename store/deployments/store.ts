import type { Deployment, DeploymentStore } from '../../model/deployments.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { bound } from '../dynamo/bound.ts';
import { keepForAMoment } from '../dynamo/cache.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import {
  createDeployment,
  deleteDeployment,
  listDeploymentIds,
  listDeployments,
  overwriteDeployment,
  readDeploymentId,
  readDeployments,
} from './deployments.ts';
import { createFlow, deleteFlow, listFlows, readFlows, updateFlow } from './flows.ts';

/**
 * Flows and deployments. Claims read the deployment of each run: it is kept for 2 s, and by its
 * generation, so that no write needs to make anybody forget it.
 */
export function deploymentStore(db: Dynamo, now: () => Instant): DeploymentStore {
  const kept = keepForAMoment<Deployment>(now, NUMBERS.recordsCached);
  return {
    ...bound(db, {
      createFlow,
      updateFlow,
      deleteFlow,
      readFlows,
      listFlows,
      createDeployment,
      overwriteDeployment,
      deleteDeployment,
      readDeployments,
      readDeploymentId,
      listDeploymentIds,
      listDeployments,
    }),
    readDeploymentsSince: async (wanted) => {
      const known = [...wanted].map(([id, generation]) => {
        const found = kept.get(id);
        return found && found.generation >= generation ? found : undefined;
      });
      const missing = [...wanted.keys()].filter((_, i) => !known[i]);
      const read = missing.length > 0 ? await readDeployments(db, missing) : [];
      for (const deployment of read) kept.set(deployment.id, deployment);
      return [...known.filter((one) => one !== undefined), ...read];
    },
  };
}
