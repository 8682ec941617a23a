import { deployedSuite } from './suite.ts';

/** The app of this repository, as `npx cdk deploy` deploys it. `npm run test:deploy`. */
deployedSuite({ app: 'node cdk/app.ts', context: ['disposable=true'], enforcesIam: false });
