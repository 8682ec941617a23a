export { DibsAgentService } from './agents/agent-service.ts';
export type { DibsAgentServiceProps } from './agents/props.ts';
export { Dibs } from './dibs.ts';
export type { DibsAlarmProps, DibsProps } from './props.ts';
