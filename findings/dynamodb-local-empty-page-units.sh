#!/usr/bin/env bash
# DynamoDB Local 3.3.0 reports 0 read units for a query that finds nothing. AWS charges the minimum for it:
# half a unit, or one unit for a consistent read. A poll of an empty queue looks free, and is not.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
# Needs Node 20 and Java 17.
source "$(dirname "$0")/with-dynamodb-local.bash"
cat >ask.mjs <<'JS'
import { PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { client } from './table.mjs';
await client.send(new PutItemCommand({ TableName: 'tab', Item: { pk: { S: 'one item' } } }));
for (const pk of ['one item', 'nothing']) {
  for (const ConsistentRead of [false, true]) {
    const { ConsumedCapacity } = await client.send(new QueryCommand({
      TableName: 'tab', ConsistentRead, ReturnConsumedCapacity: 'TOTAL',
      KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: pk } },
    }));
    console.log(`${pk}, ${ConsistentRead ? 'consistent' : 'eventual'}: ${ConsumedCapacity.CapacityUnits} units`);
  }
}
JS
node ask.mjs | tee seen
diff seen - <<'SEEN' || { echo 'the behavior has changed'; exit 1; }
one item, eventual: 0.5 units
one item, consistent: 1 units
nothing, eventual: 0 units
nothing, consistent: 0 units
SEEN
