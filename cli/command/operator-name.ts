import { hostname, userInfo } from 'node:os';

/** `ann@laptop`: who operates, for the history of what it is done to. */
export const operatorName = (): string => `${userName()}@${hostname()}`.slice(0, 200);

/** A container may run under a user id that has no name: then the system has none to give. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    const { USER, LOGNAME, USERNAME } = process.env;
    return USER || LOGNAME || USERNAME || 'unknown';
  }
}
