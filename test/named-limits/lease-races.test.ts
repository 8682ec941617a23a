import { raceVerbs, type Verb } from './races.ts';

/** What clients do all day. lease-races.long.test.ts tries all pairs. */
const OFTEN: readonly Verb[] = [
  'take slots under a lease',
  'give the lease back',
  'renew the lease',
  'sweep the lease, which has expired',
];

raceVerbs(OFTEN, OFTEN);
