/** More tokens with their own shape, and some that no rule names: the form `vendor_…` alone gives them away. Like `shapedKinds`. */
export const vendorKinds: readonly string[] = `
aws-a3t A3TX{A16}
alibaba-sts STS.N{w32}
exoscale EXO{h26}
upcloud ucat_{A26}
docker-swarm SWMTKN-1-{k50}-{k25} SWMKEY-1-{b43}
datastax AstraCS:{w24}:{h64}
fauna fnA{u40}
configcat configcat-sdk-1/{u22}/{u22}
devcycle dvc_server_{h32}
statsig secret-{w43}
growthbook secret_admin_{w32}
mergify mergify_application_key_{w40}
bitbucket-http BBDC-{b44}
jenkins 11{h32}
rootly rootly_{h64}
axiom xaat-{uuid}
checkly cu_{h32}
inngest signkey-prod-{h64}
trigger tr_prod_{w20}
sanity sk{w110}
netbird nbp_{w36}
unkey unkey_{w24}
dependency-track odt_{w32}
socket sktsec_{w44}_api
aikido AIK_SECRET_{w64}
wakatime waka_{uuid}
voyage pa-{u43}
anyscale esecret_{k24}
humanloop hl_sk_{h48}
browserbase bb_live_{u27}
brave BSA{u27}
brex bxt_{w40}
ramp ramp_sec_{w48}
mercury mercury_production_wma_{w32}
paypal-access A21AA{u90}
mercadopago APP_USR-{d16}-{d6}-{h32}-{d9}
midtrans Mid-server-{u24}
xendit xnd_production_{w48}
asaas aact_prod_{b120}
aftership asat_{h32}
woocommerce ck_{h40} cs_{h40}
ebay PRD-{h12}-{h4}-{h4}-{h4}-{h4}
klaviyo pk_{h34}
mailersend mlsn.{h64}
onesignal os_v2_app_{a104}
onfido api_live_us.{u11}.{u32}
sumsub prd:{w24}.{w32}
pinterest pina_{K80}
twitch live_{d9}_{w30} oauth:{k30}
lichess lip_{w20}
ionic ion_{w42}
voiceflow VF.DM.{h24}.{w16}
calcom cal_live_{h32}
close api_{w22}.{w22}
pubnub sec-c-{b47}=
blockfrost mainnet{w32}
quicknode QN_{h32}
n8n n8n_api_eyJhbGci{w40}
wecom https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={uuid}
make https://hook.eu1.make.com/{k32}
teams-old https://outlook.office.com/webhook/{uuid}@{uuid}/IncomingWebhook/{h32}/{uuid}
facebook-app {d15}|{u27}
asana 2/{d16}/{d16}:{h32}
zoho 1000.{h32}.{h32}
uptimerobot u{d7}-{h24}
bitwarden 0.{uuid}.{w30}:{b22}==
fal {uuid}:{h32}
tableau {b22}==:{w32}
unleash default:production.{h56}
okta 00{u20}Zq-{u17}
dropbox-old {k11}AAAAAAAAAA{u43}
atlassian-other ATATT3Zq{u160}={H8}
wif K{s51}
no-rule-live acme_live_{w32}
no-rule-pat zork-pat-{h40}
no-rule-mixed quux_{w40}
`
  .trim()
  .split('\n');
