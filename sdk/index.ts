export { ApiError, UnreachableError } from '../client/errors.ts';
export { type Deployed, type DeployOptions, deploy, type RunOptions } from './deploy.ts';
export { InvalidParametersError, RunFailedError, WaitTimeoutError } from './errors.ts';
export { type Flow, flow } from './flow.ts';
export type { FlowContext, FlowLog, FlowOptions } from './flow-definition.ts';
export type { RunHandle, WaitOptions } from './run-handle.ts';
