import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { NUMBERS } from '../../model/values/numbers.ts';

const zip = promisify(gzip);

/**
 * Compresses a large body if the caller accepts it. For a small one it would cost more time than it
 * saves.
 */
export async function compressed(
  event: APIGatewayProxyEventV2,
  response: APIGatewayProxyStructuredResultV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { body = '' } = response;
  const isLarge = Buffer.byteLength(body) >= NUMBERS.compressedFrom;
  if (!isLarge || !acceptsGzip(event.headers['accept-encoding'])) return response;
  return {
    ...response,
    headers: { ...response.headers, 'content-encoding': 'gzip', vary: 'accept-encoding' },
    body: (await zip(body, { level: 1 })).toString('base64'),
    isBase64Encoded: true,
  };
}

/** `gzip;q=0` means that the caller does not accept it. */
function acceptsGzip(header = ''): boolean {
  return header.split(',').some((one) => {
    const [coding = '', ...parameters] = one.split(';').map((part) => part.trim().toLowerCase());
    return coding === 'gzip' && !parameters.some((part) => /^q=0(\.0*)?$/.test(part));
  });
}
