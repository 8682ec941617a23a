import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Dibs } from './index.ts';

/**
 * The stack of `npx cdk deploy` in this repository. With the context `disposable=true`, deleting
 * the stack deletes everything: for trying dibs out.
 */
const app = new App();
const stack = new Stack(app, 'Dibs', { description: 'dibs: a control plane for work pools' });
const disposable = app.node.tryGetContext('disposable') === 'true';
new Dibs(stack, 'Dibs', disposable ? { removalPolicy: RemovalPolicy.DESTROY } : {});
