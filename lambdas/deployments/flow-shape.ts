import type * as z from 'zod';
import type { Flow as FlowSchema } from '../../api/deployments/flows-schemas.ts';
import type { Flow } from '../../model/deployments.ts';
import { toIso } from '../../model/values/instant.ts';

export const flowShape = (flow: Flow): z.output<typeof FlowSchema> => ({
  id: flow.id,
  created: toIso(flow.createdAt),
  updated: toIso(flow.updatedAt),
  name: flow.name,
  tags: [...flow.tags],
  labels: flow.labels,
});
