import type { Client } from '../../client/index.ts';

/** Concurrency limits by name: what their routes take, where the route table says less of them. */
interface LimitsApi {
  list(page: { limit: number; offset: number }): Promise<unknown>;
  read(name: string): Promise<unknown>;
  create(body: object): Promise<unknown>;
  update(name: string, body: object): Promise<unknown>;
}

type Loose = Record<
  | 'filterConcurrencyLimits'
  | 'readConcurrencyLimit'
  | 'createConcurrencyLimit'
  | 'updateConcurrencyLimit',
  (request: object) => Promise<unknown>
>;

export function limitsOf(client: Client): LimitsApi {
  const routes = client as unknown as Loose;
  return {
    list: (body) => routes.filterConcurrencyLimits({ body }),
    read: (limit) => routes.readConcurrencyLimit({ limit }),
    create: (body) => routes.createConcurrencyLimit({ body }),
    update: (limit, body) => routes.updateConcurrencyLimit({ limit, body }),
  };
}
