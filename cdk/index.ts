export { DibsAgentService, type DibsAgentServiceProps } from './agent-service.ts';
export { Dibs } from './dibs.ts';
export type { DibsAlarmProps, DibsProps } from './props.ts';
