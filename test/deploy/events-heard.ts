import { aws } from './aws.ts';
import type { Emulator } from './emulator.ts';

/** Sends every event of dibs to a queue, by a rule like a user's, and reads that queue. */
export async function listenForEvents(emulator: Emulator) {
  const { QueueUrl } = await aws<{ QueueUrl: string }>(emulator, 'sqs', 'AmazonSQS.CreateQueue', {
    QueueName: 'heard',
  });
  const Arn = 'arn:aws:sqs:eu-central-1:000000000000:heard';
  const EventPattern = JSON.stringify({ source: ['dibs'] });
  await aws(emulator, 'events', 'AWSEvents.PutRule', { Name: 'heard', EventPattern });
  const Targets = [{ Id: 'queue', Arn }];
  await aws(emulator, 'events', 'AWSEvents.PutTargets', { Rule: 'heard', Targets });
  const heard = new Map<string, Map<string, string>>();
  const listen = async () => {
    for (;;) {
      const { Messages = [] } = await aws<{ Messages?: { Body: string; ReceiptHandle: string }[] }>(
        emulator,
        'sqs',
        'AmazonSQS.ReceiveMessage',
        { QueueUrl, MaxNumberOfMessages: 10 },
      );
      if (Messages.length === 0) return;
      for (const { Body, ReceiptHandle } of Messages) {
        const { detail } = JSON.parse(Body) as {
          detail: { id: string; flow_run: { id: string }; state: { type: string } };
        };
        const states = heard.get(detail.flow_run.id) ?? new Map<string, string>();
        // What comes twice has one id.
        states.set(detail.id, detail.state.type);
        heard.set(detail.flow_run.id, states);
        await aws(emulator, 'sqs', 'AmazonSQS.DeleteMessage', { QueueUrl, ReceiptHandle });
      }
    }
  };
  return {
    of: async (ids: readonly string[]): Promise<Map<string, string[]>> => {
      await listen();
      return new Map(ids.map((id) => [id, [...(heard.get(id)?.values() ?? [])]]));
    },
  };
}
