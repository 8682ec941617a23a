export { Dibs } from './dibs.ts';
export type { DibsAlarmProps, DibsProps } from './props.ts';
