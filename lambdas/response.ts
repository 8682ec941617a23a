import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { toJson } from '../api/json.ts';

export function jsonResponse(
  statusCode: number,
  body: unknown,
  headers: Record<string, string> = {},
): APIGatewayProxyStructuredResultV2 {
  if (body === null || body === undefined) return { statusCode, headers };
  return {
    statusCode,
    headers: { 'content-type': 'application/json', ...headers },
    body: toJson(body),
  };
}
