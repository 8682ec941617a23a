import { eventBus } from '../store/stream/event-bus.ts';
import { fromEnvironment } from './runtime/env.ts';
import { observedCall } from './runtime/observed.ts';
import { stream } from './stream.ts';

/**
 * The entry point of the Lambda that sends state changes as events and cleans up after expired
 * runs.
 */
const { context, telemetry, stack, busName } = fromEnvironment(process.env);
const putEvents = busName === undefined ? undefined : eventBus(busName);
export const handler = observedCall(telemetry, 'stream', stream(context, putEvents, stack));
