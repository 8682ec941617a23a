import { hostname, userInfo } from 'node:os';

/**
 * The operator's name, such as `ann@laptop`, for the history of the records that a command changes.
 */
export const operatorName = (): string => `${userName()}@${hostname()}`.slice(0, 200);

/** In a container the user id may have no name. Then the name comes from the environment. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    const { USER, LOGNAME, USERNAME } = process.env;
    return USER || LOGNAME || USERNAME || 'unknown';
  }
}
