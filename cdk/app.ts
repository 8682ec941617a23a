import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Dibs } from './index.ts';

/**
 * `npx cdk deploy` in this repository. Context `disposable=true` makes a stack that goes away whole:
 * for trying it out.
 */
const app = new App();
const stack = new Stack(app, 'Dibs', { description: 'dibs: a control plane for work pools' });
const disposable = app.node.tryGetContext('disposable') === 'true';
new Dibs(stack, 'Dibs', disposable ? { removalPolicy: RemovalPolicy.DESTROY } : {});
