import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { toJson } from '../../api/json.ts';
import { TextFile } from '../../api/text-file.ts';

export function jsonResponse(
  statusCode: number,
  body: unknown,
  headers: Record<string, string> = {},
): APIGatewayProxyStructuredResultV2 {
  if (body === undefined) return { statusCode, headers };
  if (body instanceof TextFile) return fileResponse(statusCode, body);
  return {
    statusCode,
    headers: { 'content-type': 'application/json', ...headers },
    body: toJson(body),
  };
}

const fileResponse = (statusCode: number, { contentType, text, name }: TextFile) => ({
  statusCode,
  headers: {
    'content-type': `${contentType}; charset=utf-8`,
    ...(name
      ? {
          'content-disposition': `attachment; filename="${name.plain}"; filename*=UTF-8''${encoded(name.full)}`,
        }
      : {}),
  },
  body: text,
});

/** RFC 8187: some characters that are allowed in a URL must be encoded here. */
const encoded = (name: string): string =>
  encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
