/**
 * The program of a thread, which child-flow.ts starts. Descriptor 4 is a pipe that only the agent
 * holds open. However the agent dies, the kernel closes the pipe. This thread then kills the whole
 * process group, even while the flow keeps the main thread busy.
 */
import { Socket } from 'node:net';

const lifeline = new Socket({ fd: 4, readable: true, writable: false });
lifeline.on('error', () => {});
lifeline.on('close', () => process.kill(-process.pid, 'SIGKILL'));
lifeline.resume();
