import type { ApiKey } from '../api-keys.ts';
import type { Instant } from '../instant.ts';

/** API keys: few, and read by their id. */
export interface ApiKeyStore {
  createApiKey(key: ApiKey): Promise<void>;
  readApiKey(id: string): Promise<ApiKey | undefined>;
  /** In the order of their creation, with those that are valid no longer. Default: fresh. */
  listApiKeys(how?: 'fresh' | 'cached'): Promise<ApiKey[]>;
  /** One that is revoked already stays as it is. `keeper`: only while that key is not revoked. */
  revokeApiKey(
    id: string,
    at: Instant,
    keeper: string | undefined,
  ): Promise<'revoked' | 'missing' | 'the keeper is revoked'>;
  /** It was used on that day; one that was deleted meanwhile stays away. */
  stampApiKey(id: string, day: string): Promise<void>;
}
