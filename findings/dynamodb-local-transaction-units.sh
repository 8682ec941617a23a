#!/usr/bin/env bash
# DynamoDB Local 3.3.0 reports, for the table itself, the units of one item of a transaction, however many
# items the transaction writes. AWS documents two write units for each item of up to 1 KB, so 2, 4 and 10:
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
# A cost that is asserted on DynamoDB Local is too low. Needs Node 20 and Java 17.
source "$(dirname "$0")/with-dynamodb-local.bash"
cat >ask.mjs <<'JS'
import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { client } from './table.mjs';
for (const items of [1, 2, 5]) {
  const { ConsumedCapacity: [consumed] } = await client.send(new TransactWriteItemsCommand({
    ReturnConsumedCapacity: 'INDEXES',
    TransactItems: Array.from({ length: items }, (_, i) => ({
      Put: { TableName: 'tab', Item: { pk: { S: `${items} ${i}` } } },
    })),
  }));
  console.log(`${items} items: ${consumed.Table.CapacityUnits} units`);
}
JS
node ask.mjs | tee seen
diff seen - <<'SEEN' || { echo 'the behavior has changed'; exit 1; }
1 items: 2 units
2 items: 2 units
5 items: 2 units
SEEN
