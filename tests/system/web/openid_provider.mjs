// A real OpenID provider (npm oidc-provider) with people of our own, for the tests: `node openid_provider.mjs PORT FILE`.
// FILE holds {clients, people}. A person is {claims, acr, amr, fault}; `fault` spoils the token after it was issued, as
// an attacker or a misconfigured service would.
import { createServer } from 'node:http'
import { readFileSync } from 'node:fs'
import Provider from 'oidc-provider'
import { SignJWT, UnsecuredJWT, decodeJwt, exportJWK, generateKeyPair } from 'jose'

const [port, file] = process.argv.slice(2)
const issuer = `http://localhost:${port}`
const { clients, people } = JSON.parse(readFileSync(file))
const kept = await generateKeyPair('RS256', { extractable: true })
const another = await generateKeyPair('RS256', { extractable: true })
const jwk = { ...await exportJWK(kept.privateKey), kid: 'kept', alg: 'RS256', use: 'sig' }

const provider = new Provider(issuer, {
  clients,
  jwks: { keys: [jwk] },
  conformIdTokenClaims: false,
  acrValues: ['AAL1_USERPASS', 'AAL2_OR_AAL3_ANY', 'AAL3_ANY'],
  cookies: { keys: ['only for tests'] },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  claims: {
    openid: ['sub', 'nhsid_useruid', 'id_assurance_level', 'authentication_assurance_level', 'tid', 'oid', 'acr', 'amr'],
    profile: ['name', 'preferred_username', 'nhsid_nrbac_roles'],
    email: ['email', 'email_verified', 'xms_edov']
  },
  interactions: { url: (ctx, interaction) => `/sign-in/${interaction.uid}` },
  findAccount: (ctx, sub) => ({ accountId: sub, claims: () => ({ ...people[sub].claims, sub }) })
})

const hour = 3600
const now = () => Math.floor(Date.now() / 1000)
const sign = (claims, key = kept.privateKey, kid = 'kept') =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(key)
const faults = {
  audience: (claims) => sign({ ...claims, aud: 'another-client' }),
  party: (claims) => sign({ ...claims, aud: [claims.aud, 'another-client'], azp: 'another-client' }),
  issuer: (claims) => sign({ ...claims, iss: 'https://elsewhere.example' }),
  expired: (claims) => sign({ ...claims, iat: now() - 3 * hour, exp: now() - 2 * hour }),
  nonce: (claims) => sign({ ...claims, nonce: 'another' }),
  'no nonce': ({ nonce, ...claims }) => sign(claims),
  'no expiry': ({ exp, ...claims }) => sign(claims),
  key: (claims) => sign(claims, another.privateKey),
  'unknown key': (claims) => sign(claims, another.privateKey, 'another'),
  unsigned: (claims) => new UnsecuredJWT(claims).encode(),
  shared: (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'kept' })
    .sign(new TextEncoder().encode(clients[0].client_secret)),
  subject: (claims) => sign({ ...claims, sub: 'somebody-else' }),
  garbled: () => 'not.a.token',
  absent: () => undefined
}
provider.use(async (ctx, next) => {
  await next()
  if (ctx.oidc?.route !== 'token' || !ctx.body?.id_token) return
  const claims = decodeJwt(ctx.body.id_token)
  const fault = people[claims.sub].fault
  if (fault) ctx.body.id_token = await faults[fault](claims)
})

const page = (uid) => `<!doctype html><html lang="en"><title>Identity service</title><h1>Identity service</h1>
<form method="post" action="/sign-in/${uid}"><input name="login" aria-label="Who"><button>Sign in</button></form>`

async function answer (request, response) {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response)
  if (request.method === 'GET' && prompt.name === 'login') {
    response.setHeader('content-type', 'text/html')
    return response.end(page(request.url.split('/').pop()))
  }
  if (prompt.name === 'login') {
    let body = ''
    for await (const part of request) body += part
    const accountId = new URLSearchParams(body).get('login')
    if (!people[accountId]) {
      return provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'stopped' })
    }
    const { acr, amr } = people[accountId]
    return provider.interactionFinished(request, response, { login: { accountId, acr, amr, remember: false } })
  }
  const grant = grantId ? await provider.Grant.find(grantId) : new provider.Grant({ accountId: session.accountId, clientId: params.client_id })
  grant.addOIDCScope('openid profile email')
  grant.addOIDCClaims(prompt.details.missingOIDCClaims || [])
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } })
}

const serve = provider.callback()
createServer((request, response) => {
  if (!request.url.startsWith('/sign-in/')) return serve(request, response)
  answer(request, response).catch((error) => { response.statusCode = 500; response.end(String(error)) })
}).listen(Number(port), 'localhost', () => console.log('ready'))
