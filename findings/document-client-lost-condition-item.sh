#!/usr/bin/env bash
# The document client of @aws-sdk/lib-dynamodb 3.1162.0 takes and returns plain values. But the `Item` that a
# failed condition brings along (ReturnValuesOnConditionCheckFailure: ALL_OLD) stays in DynamoDB's own form,
# because errors do not pass through its unmarshalling: a field of it is an object where a text is expected.
# Needs Node 20 and Java 17.
source "$(dirname "$0")/with-dynamodb-local.bash" @aws-sdk/lib-dynamodb@3.1162.0
cat >ask.mjs <<'JS'
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { client } from './table.mjs';
const documents = DynamoDBDocumentClient.from(client);
await documents.send(new PutCommand({ TableName: 'tab', Item: { pk: 'a', holder: 'A' } }));
const { Item } = await documents.send(new GetCommand({ TableName: 'tab', Key: { pk: 'a' } }));
console.log(`read: ${JSON.stringify(Item.holder)}`);
try {
  await documents.send(new PutCommand({
    TableName: 'tab', Item: { pk: 'a', holder: 'B' },
    ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  }));
} catch (error) {
  console.log(`${error.name}: ${JSON.stringify(error.Item.holder)}`);
}
JS
node ask.mjs | tee seen
diff seen - <<'SEEN' || { echo 'the behavior has changed'; exit 1; }
read: "A"
ConditionalCheckFailedException: {"S":"A"}
SEEN
