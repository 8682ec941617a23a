import { deployedSuite } from './suite.ts';

/** Where what no role grants is refused: no grant is missing. */
deployedSuite({ app: 'node test/deploy/iam-app.ts', enforcesIam: true });
