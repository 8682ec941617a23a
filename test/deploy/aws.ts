import { type Emulator, REGION } from './emulator.ts';

/** A call of an AWS service by its JSON protocol, for those that the project needs no SDK of. */
export async function aws<Answer>(
  { url }: Emulator,
  service: 'logs' | 'sqs' | 'events' | 'cloudwatch',
  target: string,
  body: object,
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type':
        service === 'sqs' ? 'application/x-amz-json-1.0' : 'application/x-amz-json-1.1',
      'x-amz-target': target,
      authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/${service}/aws4_request`,
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${target}: ${response.status} ${text}`);
  return (text ? JSON.parse(text) : {}) as Answer;
}

/** Every line of every log group. */
export async function allLogs(emulator: Emulator): Promise<string[]> {
  const { logGroups } = await aws<{ logGroups: { logGroupName: string }[] }>(
    emulator,
    'logs',
    'Logs_20140328.DescribeLogGroups',
    {},
  );
  const lines: string[] = [];
  for (const { logGroupName } of logGroups) {
    for (let nextToken: string | undefined, more = true; more; more = nextToken !== undefined) {
      const page: { events: { message: string }[]; nextToken?: string } = await aws(
        emulator,
        'logs',
        'Logs_20140328.FilterLogEvents',
        { logGroupName, limit: 10_000, ...(nextToken ? { nextToken } : {}) },
      );
      lines.push(...page.events.map(({ message }) => message));
      nextToken = page.nextToken === nextToken ? undefined : page.nextToken;
    }
  }
  return lines;
}
