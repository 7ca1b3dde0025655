import { type IncomingHttpHeaders, request } from 'node:http'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** Asks as anything on this machine could: any Host, any Origin, any path as it is. */
export function visit(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: Buffer | Iterable<Buffer> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers: { host: `127.0.0.1:${port}`, ...headers } }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }))
      response.on('error', reject)
    })
    asked.on('error', reject)
    if (body instanceof Buffer) asked.end(body)
    else {
      for (const part of body ?? []) asked.write(part)
      asked.end()
    }
  })
}

/** Spends the token of an address and keeps the cookie it is exchanged for. */
export async function enter(address: string): Promise<{ port: number; cookie: string; origin: string }> {
  const { port, pathname, search, origin } = new URL(address)
  const { headers } = await visit(Number(port), pathname + search)
  const [cookie = ''] = headers['set-cookie'] ?? []
  return { port: Number(port), cookie: cookie.split(';')[0] ?? '', origin }
}
