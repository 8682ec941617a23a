import { boundedText } from '../../client/bounded-text.ts';

const LARGEST_ANSWER = 64 * 1024;

/** A response of the ECS agent. A `failure` has status 200, an `error` has another status. */
interface Answer {
  readonly protection?: { readonly ProtectionEnabled?: boolean };
  readonly failure?: { readonly Reason?: string };
  readonly error?: { readonly Code?: string; readonly Message?: string };
}

/**
 * Asks ECS to protect this task from being stopped for `minutes`, or to end the protection if
 * `minutes` is undefined. Returns undefined on success, else the reason for the refusal, such as
 * `DEPLOYMENT_BLOCKED`. Never rejects.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html
 */
export async function protectTask(
  agentUri: string,
  minutes: number | undefined,
): Promise<string | undefined> {
  const isOn = minutes !== undefined;
  try {
    const response = await fetch(`${agentUri}/task-protection/v1/state`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ProtectionEnabled: isOn,
        ...(isOn ? { ExpiresInMinutes: minutes } : {}),
      }),
      signal: AbortSignal.timeout(5_000),
      redirect: 'manual',
    });
    const text = await boundedText(response, LARGEST_ANSWER);
    const { protection, failure, error } = parse(text);
    if (response.ok && protection?.ProtectionEnabled === isOn) return undefined;
    if (failure?.Reason) return failure.Reason;
    if (error?.Code) return `${error.Code}: ${error.Message}`;
    return `expected {"protection": …}, got ${response.status} ${text.slice(0, 200)}`;
  } catch (error) {
    return (error as Error).message;
  }
}

function parse(text: string): Answer {
  try {
    return (JSON.parse(text) ?? {}) as Answer;
  } catch {
    return {};
  }
}
