// The local OIDC issuer: authorisation code + PKCE for the dashboard, client credentials for machines, and for the
// `trm token --user` command a password grant; RFC 9068 access tokens, seeded users. Never for production.
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import Provider, { errors } from "oidc-provider";

const t0 = performance.now();
const HOST = process.env.ISSUER_HOST ?? "127.0.0.1";
const PORT = Number(process.env.ISSUER_PORT ?? 9400);
const ISSUER = process.env.OIDC_ISSUER ?? `http://${HOST}:${PORT}`;
const AUDIENCE = process.env.OIDC_AUDIENCE ?? "https://api.trm.test";
const ALG = process.env.ISSUER_ALG ?? "RS256";
const TTL = Number(process.env.ISSUER_TOKEN_TTL ?? 900);
const SECRET = process.env.ISSUER_CLIENT_SECRET;
const PASSWORD = process.env.ISSUER_USER_PASSWORD;
if (!SECRET || !PASSWORD) throw new Error("ISSUER_CLIENT_SECRET and ISSUER_USER_PASSWORD are required");
const seed = JSON.parse(readFileSync(process.env.ISSUER_SEED ?? new URL("./seed.json", import.meta.url)));
const allScopes = seed.scopes;
for (const u of seed.users) {
  u.password = PASSWORD;
  u.email_verified = true;
  u.scopes ??= allScopes;
}
// Where the dashboard is served: its client may lead back there.
const pages = (process.env.ISSUER_PAGES ?? "").split(" ").filter(Boolean).map((page) => new URL(page).origin);
const OFFERS_PEOPLE = Boolean(process.env.ISSUER_OFFERS_PEOPLE);
for (const c of seed.clients) {
  if (c.redirect_uris.length) {
    c.redirect_uris = [...new Set([...pages.map((page) => `${page}/callback`), ...c.redirect_uris])];
    c.post_logout_redirect_uris = [...new Set([...pages.map((page) => `${page}/`), ...c.post_logout_redirect_uris])];
  }
  if (c.token_endpoint_auth_method !== "none") c.client_secret = SECRET;
  c.api_scopes ??= allScopes;
}

function loadKeys(path) {
  if (path && existsSync(path)) return JSON.parse(readFileSync(path));
  const mk = (type, opts, alg) => ({
    ...generateKeyPairSync(type, opts).privateKey.export({ format: "jwk" }), use: "sig", alg, kid: randomUUID(),
  });
  const jwks = { keys: [mk("rsa", { modulusLength: 2048 }, "RS256"), mk("ec", { namedCurve: "P-256" }, "ES256")] };
  if (path) writeFileSync(path, JSON.stringify(jwks), { mode: 0o600 });
  return jwks;
}

const clientScopes = new Map(seed.clients.map((c) => [c.client_id, c.api_scopes ?? []]));
const users = new Map(seed.users.map((u) => [u.sub, u]));
const provider = new Provider(ISSUER, {
  clients: seed.clients.map(({ api_scopes, ...c }) => c),
  jwks: loadKeys(process.env.ISSUER_JWKS_FILE),
  cookies: { keys: [randomUUID()] },
  scopes: ["openid", "offline_access", "profile", "email"],
  claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
  conformIdTokenClaims: false, // profile claims straight in the ID token, as Auth0 and Supabase do
  pkce: { required: (_ctx, client) => client.tokenEndpointAuthMethod === "none" },
  clientBasedCORS: (_ctx, origin, client) => (client.redirectUris ?? []).some((u) => new URL(u).origin === origin),
  routes: { jwks: "/.well-known/jwks.json" }, // the path that Auth0 and Supabase use
  ttl: { AccessToken: TTL, ClientCredentials: TTL, IdToken: 3600, Session: 86400, Grant: 86400, Interaction: 600, RefreshToken: 86400 },
  issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed("refresh_token"),
  findAccount: async (_ctx, id) =>
    users.has(id) ? { accountId: id, claims: async () => ({ ...users.get(id), password: undefined }) } : undefined,
  extraTokenClaims: async (_ctx, token) => {
    const u = token.accountId && users.get(token.accountId);
    return u ? { email: u.email, email_verified: u.email_verified, name: u.name, "https://trm.test/roles": u.roles ?? [] } : {};
  },
  // First-party clients: what the user may do is granted without a consent page.
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid profile email offline_access");
    const mine = users.get(ctx.oidc.session.accountId)?.scopes ?? [];
    const rest = [...new Set(seed.clients.flatMap((c) => c.api_scopes))].filter((s) => !mine.includes(s));
    grant.addResourceScope(AUDIENCE, mine.join(" "));
    // What the user may not do is refused up front; else the consent prompt would come (and loop).
    if (rest.length) grant.rejectResourceScope(AUDIENCE, rest.join(" "));
    await grant.save();
    return grant;
  },
  interactions: { url: (_ctx, i) => `/interaction/${i.uid}` },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: async (ctx, form) => {
        const button = `<button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>`;
        ctx.body = document("Sign out", `${form}${button}<script>document.querySelector("button").click()</script>`);
      },
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => AUDIENCE,
      useGrantedResource: () => true,
      getResourceServerInfo: async (_ctx, indicator, client) => {
        if (indicator !== AUDIENCE) throw new errors.InvalidTarget();
        return { scope: clientScopes.get(client.clientId).join(" "), audience: AUDIENCE, accessTokenTTL: TTL, accessTokenFormat: "jwt", jwt: { sign: { alg: ALG } } };
      },
    },
  },
});
if (process.env.ISSUER_DEBUG) provider.on("server_error", (_c, e) => console.error(e));

const esc = (s) => String(s).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const STYLE = `:root{color-scheme:light dark}body{font:15px/1.6 system-ui;max-width:22rem;margin:12vh auto;padding:0 1rem;
background:light-dark(#faf8f4,#10141a);color:light-dark(#1c1b19,#e8e6e1)}h1{font-size:24px;font-weight:600}h2{font-size:15px;font-weight:600;margin:2rem 0 .5rem}
label{display:block;margin:.75rem 0 .25rem}input,button{font:inherit;width:100%;padding:.5rem .75rem;box-sizing:border-box;border-radius:6px;
border:1px solid light-dark(#8a847a,#6b7482);background:light-dark(#fff,#181d25);color:inherit}button{cursor:pointer;margin:.25rem 0;text-align:left}
button[type=submit]:not([name]){margin-top:1rem;text-align:center;border:0;background:light-dark(#0b6b66,#5cc4bb);color:light-dark(#fff,#06201e)}
small{display:block;color:light-dark(#635f58,#a4a9b1)}:focus-visible{outline:2px solid light-dark(#0b6b66,#5cc4bb);outline-offset:2px}`;
const document = (title, main) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,"><style>${STYLE}</style></head><body><main><h1>${title}</h1>${main}</main></body></html>`;
const people = (uid) => `<h2>As one of the sample people</h2><form method="post" action="/interaction/${esc(uid)}">${seed.users
  .map((u) => `<button type="submit" name="as" value="${esc(u.email)}">${esc(u.name)}<small>${esc(u.email)}</small></button>`).join("")}</form><h2>Or with a password</h2>`;
const page = (uid, error = "") => document("Sign in", `<p>The issuer of this machine's stack, for trying things out.</p>
${OFFERS_PEOPLE ? people(uid) : ""}${error && `<p role="alert">${esc(error)}</p>`}<form method="post" action="/interaction/${esc(uid)}">
<label for="email">E-mail</label><input id="email" name="email" type="email" autocomplete="username" required>
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Sign in</button></form>`);

// `trm token --user`: whoever knows the client's secret and the user's password gets the user's token.
provider.registerGrantType(
  "password",
  async (ctx) => {
    const { params, client } = ctx.oidc;
    const user = [...users.values()].find((u) => u.email === params.username && u.password === params.password);
    if (!user) throw new errors.InvalidGrant("unknown user or wrong password");
    const wanted = params.scope ? params.scope.split(" ") : user.scopes;
    const scope = wanted.filter((s) => user.scopes.includes(s) && clientScopes.get(client.clientId).includes(s));
    const grant = new provider.Grant({ clientId: client.clientId, accountId: user.sub });
    grant.addResourceScope(AUDIENCE, scope.join(" "));
    const token = new provider.AccessToken({
      client, accountId: user.sub, grantId: await grant.save(), gty: "password", scope: scope.join(" "),
    });
    const { ResourceServer } = provider;
    token.resourceServer = new ResourceServer(AUDIENCE, {
      scope: scope.join(" "), audience: AUDIENCE, accessTokenTTL: TTL, accessTokenFormat: "jwt", jwt: { sign: { alg: ALG } },
    });
    ctx.oidc.entity("AccessToken", token);
    ctx.body = { access_token: await token.save(), token_type: "Bearer", expires_in: TTL, scope: scope.join(" ") };
  },
  ["username", "password", "scope"],
);

const callback = provider.callback();
async function body(req) {
  let s = "";
  for await (const c of req) if ((s += c).length > 10_000) throw new Error("too large");
  return new URLSearchParams(s);
}
const server = createServer(async (req, res) => {
  const url = new URL(req.url, ISSUER);
  if (url.pathname === "/healthz") return res.writeHead(200).end("ok");
  if (!url.pathname.startsWith("/interaction/")) return callback(req, res);
  const html = (code, text) => res.writeHead(code, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" }).end(text);
  try {
    const { uid } = await provider.interactionDetails(req, res);
    if (req.method !== "POST") return html(200, page(uid));
    const f = await body(req);
    const offered = OFFERS_PEOPLE && f.get("as");
    const u = [...users.values()].find((x) =>
      offered ? x.email === offered : x.email === f.get("email") && x.password === f.get("password"));
    if (!u) return html(401, page(uid, "Wrong e-mail or password."));
    await provider.interactionFinished(req, res, { login: { accountId: u.sub } }, { mergeWithLastSubmission: false });
  } catch (e) {
    html(400, `<!doctype html><title>Error</title><p>${esc(e.message)}`);
  }
});
server.listen(PORT, HOST, () => console.log(JSON.stringify({ msg: "issuer ready", issuer: ISSUER, ms: Math.round(performance.now() - t0) })));
for (const s of ["SIGTERM", "SIGINT"]) process.on(s, () => { server.close(() => process.exit(0)); server.closeAllConnections(); });
