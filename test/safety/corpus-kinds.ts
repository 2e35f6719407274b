/** Templates of tokens with their own shape, one line per kind: the name, then the formats as the vendors document them (see `fill`). */
export const shapedKinds: readonly string[] = `
aws-access-key AKIA{A16} ASIA{A16}
aws-bedrock ABSKQmVkcm9ja0FQSUtleS{b110}=
alibaba LTAI5t{w18}
tencent AKID{w32}
google-api AIza{u35}
google-oauth-secret GOCSPX-{u28}
google-access ya29.a0{u130}
google-refresh 1//0{u50}
azure-ad {w3}8Q~{w34}
azure-devops {w52}JQQJ99{w18}AZDO{w4}
azure-storage {b76}+ASt{b6}==
digitalocean dop_v1_{h64} doo_v1_{h64}
yandex AQVN{u36} y0_{u55}
flyio fo1_{u43}
flyio-macaroon fm2_{b120}
heroku HRKU-AA{u58}
render rnd_{w28}
netlify nfp_{w36}
vercel vcp_{w56}
vercel-blob vercel_blob_rw_{w16}_{w30}
cloudflare-origin v1.0-{h24}-{h146}
supabase sbp_{h40}
supabase-secret sb_secret_{u22}_{u8}
planetscale pscale_tkn_{u43} pscale_pw_{u43}
neon napi_{k64}
mongodb-atlas mdb_sa_sk_{u40}
databricks dapi{h32} dapi{h32}-2
aiven AVNS_{u19}
github ghp_{w36} gho_{w36} ghs_{w36} ghr_{w36}
github-fine github_pat_{w22}_{w59}
gitlab glpat-{u20} gldt-{u20} glrt-{u20} glptt-{h40} glcbt-01_{u20}
gitlab-routable glpat-{u27}.01.{k2}{k7}
gitlab-runner GR1348941{u20}
bitbucket ATBB{w32}
bitbucket-access ATCTT3xFfG{u160}={H8}
atlassian ATATT3xFfGF0{u160}={H8}
circleci CCIPAT_{w22}_{h40}
buildkite bkua_{h40}
harness pat.{w22}.{h24}.{w20}
octopus API-{K26}
pulumi pul-{h40}
terraform-cloud {w14}.atlasv1.{u64}
vault hvs.{u95} hvb.{u140}
vault-old s.{w24}
doppler dp.pt.{w43} dp.st.prd.{w40}
onepassword ops_eyJ{b260}
onepassword-secret A3-{K6}-{K11}-{K5}-{K5}-{K5}
sonar sqp_{h40} squ_{h40}
launchdarkly sdk-{uuid}
sentry-user sntryu_{h64}
sentry-org sntrys_eyJpYXQiOjE3{b120}=_{b43}
newrelic NRAK-{K27} NRII-{u32}
newrelic-license {h36}NRAL
grafana glsa_{w32}_{h8} glc_eyJ{b120}
honeycomb hcaik_{k58}
dynatrace dt0c01.{A24}.{A64}
posthog phx_{w43}
npm npm_{w36}
pypi pypi-AgEIcHlwaS5vcmc{u140}
rubygems rubygems_{h48}
nuget oy2{k43}
crates cio{w32}
docker dckr_pat_{u27} dckr_oat_{u32}
clojars CLOJARS_{h60}
artifactory AKCp{w69} cmVmdGtu{w56}
postman PMAK-{h24}-{h34}
openai sk-{w20}T3BlbkFJ{w20} sk-proj-{u74}T3BlbkFJ{u74}
openai-admin sk-admin-{u58}T3BlbkFJ{u58}
anthropic sk-ant-api03-{u93}AA sk-ant-admin01-{u93}AA
deepseek sk-{h32}
huggingface hf_{w34}
replicate r8_{w37}
groq gsk_{w52}
xai xai-{w80}
perplexity pplx-{w48}
fireworks fw_{w24}
zhipu {h32}.{w16}
openrouter sk-or-v1-{h64}
langsmith lsv2_pt_{h32}_{h10}
langfuse sk-lf-{uuid}
pinecone pcsk_{v70}
elevenlabs sk_{h48}
nvidia nvapi-{u64}
jina jina_{w60}
tavily tvly-dev-{w32}
firecrawl fc-{h32}
llamacloud llx-{w48}
slack-bot xoxb-{d12}-{d12}-{w24}
slack-user xoxp-{d11}-{d12}-{d13}-{h32}
slack-app xapp-1-A{K10}-{d13}-{h64}
slack-config xoxe.xoxp-1-{w146}
slack-webhook https://hooks.slack.com/services/T{K8}/B{K10}/{w24}
discord-bot M{w23}.{u6}.{u38}
discord-webhook https://discord.com/api/webhooks/{d18}/{u68}
telegram {d10}:AA{u33}
teams-webhook https://acme.webhook.office.com/webhookb2/{uuid}@{uuid}/IncomingWebhook/{h32}/{uuid}
twilio SK{h32}
sendgrid SG.{u22}.{u43}
mailgun key-{h32}
mailchimp {h32}-us14
resend re_{w8}_{w24}
brevo xkeysib-{h64}-{w16}
intercom dG9rO{w54}=
hubspot pat-na1-{uuid}
salesforce 00D{w12}!AQ{v90}
stripe sk_live_{w24} rk_live_{w99} sk_test_{w24}
stripe-webhook whsec_{w32}
square EAAA{u60} sq0csp-{u43}
paypal access_token$production$\{k16}$\{h32}
plaid access-production-{uuid}
paystack sk_live_{h40}
flutterwave FLWSECK-{h32}-X
shopify shpat_{h32} shpss_{h32}
lob live_{h35}
easypost EZAK{w54}
razorpay rzp_live_{w14}
airtable pat{w14}.{h64}
notion ntn_{d11}{w35} secret_{w43}
linear lin_api_{w40}
clickup pk_{d8}_{K32}
figma figd_{u40}
contentful CFPAT-{u43}
dropbox sl.{u140}
mapbox sk.eyJ{w80}.{u22}
facebook EAAC{w110}
twitter-bearer AAAAAAAAAAAAAAAAAAAAA{w40}%3D{w50}
rapidapi {k10}msh{k15}p1{h6}jsn{h12}
tailscale tskey-auth-{w12}CNTRL-{w32}
ngrok-api 2{w26}_{w21}
sourcegraph sgp_{h40}
prefect pnu_{k36}
dbt dbtc_{u36}
adafruit aio_{w28}
frameio fio-u-{u64}
adobe p8e-{k32}
readme rdme_{k70}
scalingo tk-us-{u48}
shippo shippo_live_{h40}
duffel duffel_live_{u43}
typeform tfp_{u59}
trello ATTA{h72}
zuplo zpka_{w32}_{h8}
infracost ico-{w32}
openshift sha256~{u43}
age AGE-SECRET-KEY-1{K58}
beamer b_{u44}
maxmind {w6}_{w29}_mmk
django-key django-insecure-{p50}
laravel base64:{b43}=
jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI{w40}.{u43}
paseto v4.local.{u90}
ably {u6}.{u6}:{u43}
`
  .trim()
  .split('\n');

/** Values without a shape of their own, known by the name they stand under. */
export const namedKinds: readonly string[] = `
AWS_SECRET_ACCESS_KEY {b40}
AWS_SESSION_TOKEN {b180}==
AZURE_CLIENT_SECRET {w34}
DATADOG_API_KEY {h32}
DD_APP_KEY {h40}
CLOUDFLARE_API_TOKEN {u40}
CLOUDFLARE_API_KEY {h37}
HEROKU_API_KEY {uuid}
LINODE_TOKEN {h64}
HCLOUD_TOKEN {w64}
VULTR_API_KEY {K36}
FASTLY_API_TOKEN {u32}
ALGOLIA_ADMIN_KEY {h32}
CONFLUENT_API_SECRET {b64}
SNYK_TOKEN {uuid}
CODECOV_TOKEN {uuid}
TRAVIS_TOKEN {w22}
BUGSNAG_API_KEY {h32}
ROLLBAR_ACCESS_TOKEN {h32}
SUMO_ACCESS_KEY {w64}
PAGERDUTY_TOKEN {w20}
SEGMENT_WRITE_KEY {w32}
MIXPANEL_SECRET {h32}
TWILIO_AUTH_TOKEN {h32}
POSTMARK_SERVER_TOKEN {uuid}
ZENDESK_API_TOKEN {w40}
OKTA_API_TOKEN 00{u40}
AUTH0_CLIENT_SECRET {u64}
COHERE_API_KEY {w40}
MISTRAL_API_KEY {w32}
WANDB_API_KEY {h40}
DEEPGRAM_API_KEY {h40}
SPOTIFY_CLIENT_SECRET {h32}
TWITCH_CLIENT_SECRET {k30}
TWITTER_CONSUMER_SECRET {w50}
LINKEDIN_CLIENT_SECRET {w16}
OPENWEATHER_API_KEY {h32}
INFURA_PROJECT_SECRET {h32}
ETHERSCAN_API_KEY {K34}
BINANCE_SECRET_KEY {w64}
`
  .trim()
  .split('\n');

/** Home-made secrets under everyday names. */
export const genericKinds: readonly string[] = `
DB_PASSWORD {p16}
DATABASE_PASSWORD {w12}
REDIS_PASSWORD {w24}
ADMIN_PASSWORD {w4}-{w5}-{d3}{U2}
SMTP_PASS {l4}{d2}{U3}{l3}
JWT_SECRET {w48}
SESSION_SECRET {h64}
COOKIE_SECRET {u32}
ENCRYPTION_KEY {h64}
MASTER_KEY {b43}=
SIGNING_KEY {w32}
API_KEY {w32}
API_SECRET {k40}
ACCESS_TOKEN {u40}
AUTH_TOKEN {h40}
WEBHOOK_SECRET {w28}
PRIVATE_TOKEN {u20}
CLIENT_SECRET {u36}
KEYSTORE_PASSWORD {w14}
VAULT_PASSPHRASE {w8}.{w8}.{w8}
SERVICE_CREDENTIAL {b44}
ROOT_PASSWD {l3}{d4}!{U2}{l3}
DEPLOY_KEY {w40}
INTERNAL_AUTH_KEY {u43}
`
  .trim()
  .split('\n');
