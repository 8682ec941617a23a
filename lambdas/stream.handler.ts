import { eventBus } from '../store/event-bus.ts';
import { streamFromEnvironment } from './env.ts';
import { observedCall } from './observed.ts';
import { stream } from './stream.ts';

/** The entry point of the Lambda that tells of state changes. */
const { telemetry, stack, busName } = streamFromEnvironment(process.env);
export const handler = observedCall(
  telemetry,
  'stream',
  stream(telemetry, eventBus(busName), stack),
);
