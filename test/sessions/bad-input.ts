import { type BadInput, NO_ID } from '../support/bad-input.ts';

export const SESSIONS_BAD_INPUT: readonly BadInput[] = [
  {
    what: 'a heartbeat of a session never opened',
    path: ({ pool }) => `/work_pools/${pool}/sessions/${NO_ID}/heartbeat`,
    body: '{"worker_name":"w","capacity":1,"runs":[]}',
    status: 410,
    code: 'session_ended',
  },
];
