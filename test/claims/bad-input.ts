import { type BadInput, NO_ID, type World } from '../support/bad-input.ts';

const claim = ({ sessionId: session_id }: World, more: object) =>
  JSON.stringify({ session_id, worker_name: 'w', claim_id: NO_ID, limit: 1, ...more });

export const CLAIMS_BAD_INPUT: readonly BadInput[] = [
  {
    what: 'a claim without a session',
    path: ({ pool }) => `/work_pools/${pool}/claim`,
    body: (world) => claim(world, { session_id: NO_ID }),
    status: 410,
    code: 'session_ended',
  },
  {
    what: 'a claim of nothing',
    path: ({ pool }) => `/work_pools/${pool}/claim`,
    body: (world) => claim(world, { limit: 0 }),
  },
  {
    what: 'a claim from an unknown queue',
    path: ({ pool }) => `/work_pools/${pool}/claim`,
    body: (world) => claim(world, { queue_names: ['nope'] }),
    status: 404,
    code: 'work_queue_not_found',
  },
  {
    what: 'a claim from an unknown pool',
    path: '/work_pools/nope/claim',
    body: (world) => claim(world, {}),
    status: 404,
    code: 'work_pool_not_found',
  },
];
