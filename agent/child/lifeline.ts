/**
 * A thread, not a module: child-flow.ts starts it. Descriptor 4 is a pipe that only the agent holds
 * open: the kernel closes it however the agent dies, and then this ends the whole process group,
 * even while the flow keeps the main thread busy.
 */
import { Socket } from 'node:net';

const lifeline = new Socket({ fd: 4, readable: true, writable: false });
lifeline.on('error', () => {});
lifeline.on('close', () => process.kill(-process.pid, 'SIGKILL'));
lifeline.resume();
