/** Like `platformRules`, for what an application calls: chat, mail, payment, shops, maps, wallets, webhooks. */
export const serviceRules = `
SLACK xoxb-|xoxp-|xoxa-|xoxr-|xoxs-|xoxo-|xoxd-|xoxc-|xoxe-|xoxe.|xapp-|xwfp- [\\w.%/+-]{20,}
TELEGRAM bot \\d{8,10}:[\\w-]{35}
SENDGRID SG. [\\w-]{16,32}\\.[\\w-]{30,}
MAILGUN key- [0-9a-f]{32}
MAILGUN pubkey- [0-9a-f]{32}
MANDRILL md- [\\w-]{22}(?![\\w-])
RESEND re_ [A-Za-z0-9]{6,10}_[A-Za-z0-9]{20,}
BREVO xkeysib-|xsmtpsib- [0-9a-f]{64}-[A-Za-z0-9]{16}
INTERCOM dG9rO [A-Za-z0-9+/]{50,}={0,2}
HUBSPOT pat-na|pat-eu|pat-ap \\d-[0-9a-f-]{36}
TWILIO SK [0-9a-f]{32}(?![A-Za-z0-9])
STRIPE sk_live_|sk_test_|sk_prod_|rk_live_|rk_test_|rk_prod_|ssk_live_|ssk_test_|sk_org_live_ [A-Za-z0-9_]{10,}
STRIPE whsec_ [A-Za-z0-9+/=]{24,}
SQUARE EAAA [\\w-]{36,}
SQUARE sq0csp-|sq0atp- [\\w-]{22,}
BRAINTREE access_token$production$|access_token$sandbox$|access_token\\$production\\$|access_token\\$sandbox\\$ [a-z0-9]{16}\\\\?\\$[0-9a-f]{32}
PLAID access-production-|access-sandbox-|access-development- [0-9a-f-]{36}
ELEVENLABS sk_ [0-9a-f]{32,}
API_KEY sk_ (?=\\w{0,40}\\d)[A-Za-z0-9]{32,}
FLUTTERWAVE FLWSECK-|FLWSECK_TEST- [\\w-]{12,}
SHOPIFY shpat_|shpca_|shppa_|shpss_|shpua_|shptka_ [0-9a-f]{32}
LOB live_|test_ [0-9a-f]{35}(?![A-Za-z0-9])
GOCARDLESS live_|sandbox_ [\\w-]{40}(?![\\w-])
MOLLIE live_|test_ [A-Za-z0-9]{30}(?![A-Za-z0-9])
EASYPOST EZAK|EZTK [A-Za-z0-9]{50,}
RAZORPAY rzp_live_|rzp_test_ [A-Za-z0-9]{14,}
PADDLE pdl_live_apikey_|pdl_sdbx_apikey_ \\w{30,}
AIRTABLE pat [A-Za-z0-9]{14}\\.[0-9a-f]{64}
NOTION ntn_ [A-Za-z0-9]{40,}
NOTION secret_ [A-Za-z0-9]{32,}(?!\\w)
LINEAR lin_api_|lin_oauth_ [A-Za-z0-9]{32,}
CLICKUP pk_ \\d{6,10}_[A-Z0-9]{32}
FIGMA figd_|figo_|figu_|figr_ [\\w-]{36,}
CONTENTFUL CFPAT- [\\w-]{40,}
DROPBOX sl. [\\w.-]{100,}
MAPBOX sk.eyJ [\\w-]{40,}\\.[\\w-]{20,}
FACEBOOK EAAC|EAAG|EAAI|EAAB|EAAJ|EAAM|EAAD|EAAW|EAAP [A-Za-z0-9]{60,}
FACEBOOK EAAA [A-Za-z0-9]{60,}
INSTAGRAM IGQV|IGAA [\\w-]{60,}
TWITTER AAAAAAAAAAAAAAAAAAAAA [A-Za-z0-9%]{40,}
LINKEDIN WPL_AP1. [\\w.=+/-]{16,}
ADAFRUIT aio_ [A-Za-z0-9]{28}
FRAMEIO fio-u- [\\w-]{60,}
ADOBE p8e- [A-Za-z0-9]{32}
README rdme_ [a-z0-9]{70}
SHIPPO shippo_live_|shippo_test_ [0-9a-f]{40}
DUFFEL duffel_live_|duffel_test_ [\\w=-]{40,}
TYPEFORM tfp_ [\\w.=-]{40,}
TRELLO ATTA [0-9a-f]{64,}
ZUPLO zpka_ \\w{30,}
BEAMER b_ [\\w=-]{44}(?![\\w-])
MONEY xprv|yprv|zprv|tprv [1-9A-HJ-NP-Za-km-z]{100,112}
SLACK https://hooks.slack.com/services/|hooks.slack.com/services/|https://hooks.slack.com/workflows/|https://hooks.slack.com/triggers/ [\\w/+-]{30,}
DISCORD https://discord.com/api/webhooks/|https://discordapp.com/api/webhooks/|https://ptb.discord.com/api/webhooks/|https://canary.discord.com/api/webhooks/ \\d{15,21}/[\\w-]{50,}
ZAPIER https://hooks.zapier.com/hooks/catch/ \\d+/\\w{6,}
GOOGLE_CHAT https://chat.googleapis.com/v1/spaces/ [\\w-]+/messages\\?key=[\\w-]+&token=[\\w%=-]+
DINGTALK SEC [0-9a-f]{64}
COZE pat_|sat_|czu_ [A-Za-z0-9]{60,}
TINES tines_ \\w{30,}
POLAR polar_oat_|polar_pat_|polar_at_|polar_rt_ [\\w-]{20,}
SETTLEMINT sm_aat_|sm_pat_|sm_sat_ [A-Za-z0-9]{16,}
WORKOS sk_test_|sk_live_ [\\w=+/]{24,}
BREX bxt_ [A-Za-z0-9]{20,}
RAMP ramp_sec_|ramp_tok_ \\w{30,}
MERCURY mercury_production_|mercury_sandbox_ [\\w-]{30,}
ADYEN AQE [a-z]h[\\w+/=-]{80,}
CHECKOUT sk_sbox_ [a-z0-9]{24,}
PAYPAL A21AA [\\w-]{60,}
MERCADOPAGO APP_USR-|TEST- \\d{10,}-\\d{6}-[0-9a-f]{32}-\\d+
PAGARME ak_live_|ek_live_|ak_test_|ek_test_ [A-Za-z0-9]{28,}
MIDTRANS Mid-server-|SB-Mid-server- [\\w-]{20,}
XENDIT xnd_development_|xnd_production_ \\w{30,}
OMISE skey_test_|skey_live_|skey_ [a-z0-9]{19,}
KLARNA klarna_live_api_|klarna_test_api_ [\\w+/=-]{30,}
CASHFREE cfsk_ma_prod_|cfsk_ma_test_ \\w{30,}
ASAAS aact_prod_|aact_hmlg_|aact_YTU [\\w+/=:-]{40,}
MOLLIE access_ [A-Za-z0-9]{40,}
AFTERSHIP asat_ [0-9a-f]{32}
FLEXPORT shltm_ [\\w-]{30,}
SAMSARA samsara_api_ [A-Za-z0-9]{28,}
FLEETBASE flb_live_|flb_test_ [A-Za-z0-9]{20,}
WOOCOMMERCE ck_|cs_ [0-9a-f]{40}
EBAY PRD-|SBX- [0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}
WIX IST. eyJ[\\w-]{20,}\\.[\\w-]{20,}\\.[\\w-]{20,}
KLAVIYO pk_ [0-9a-f]{34}(?![A-Za-z0-9])
COURIER pk_prod_|pk_test_|dk_prod_ [A-Z0-9]{28}(?![A-Za-z0-9])
MAILERSEND mlsn. [A-Za-z0-9]{60,}
ONESIGNAL os_v2_app_|os_v2_org_ [a-z2-7]{80,}
ONFIDO api_live.|api_live_us.|api_live_ca.|api_sandbox.|api_sandbox_us.|api_sandbox_ca. [\\w.-]{30,}
PERSONA persona_production_|persona_sandbox_ [\\w-]{30,}
SUMSUB prd:|sbx: [A-Za-z0-9]{24}\\.[A-Za-z0-9]{32}
PINTEREST pina_ \\w{30,}
TWITCH live_ \\d{6,12}_[A-Za-z0-9]{28,}
TWITCH oauth: [a-z0-9]{30}(?![A-Za-z0-9])
LICHESS lip_ [A-Za-z0-9]{20,}
THUNDERSTORE tss_ [A-Za-z0-9]{36,}
CANVA cnvca [\\w-]{48,}
IONIC ion_ [A-Za-z0-9]{42}
TELNYX KEY01 [0-9A-F]{28,}_\\w{20,}
VOICEFLOW VF.DM.|VF.WS. [0-9a-f]{24}\\.[A-Za-z0-9]{16}
CALCOM cal_live_|cal_test_|cal_ [0-9a-f]{32}
CLOSE api_ [A-Za-z0-9]{20,24}\\.[A-Za-z0-9]{20,24}
PUBNUB sec-c- [A-Za-z0-9+/=-]{36,}
UBIDOTS BBFF-|BBUS- [A-Za-z0-9]{30}
BLOCKFROST mainnet|preprod|preview|testnet [A-Za-z0-9]{32}(?![A-Za-z0-9])
QUICKNODE QN_ [0-9a-f]{32}
PERSONIO papi- [\\w-]{36,}
GCNOTIFY gcntfy- [\\w-]{60,}
PROOF prf_ \\w{40,}
REDIRECTPIZZA rpa_ [A-Za-z0-9]{28,}
BAREMETRICS lk_|sk_ (?=\\w{0,20}\\d)[A-Za-z0-9]{18,22}(?!\\w)
N8N n8n_api_ [\\w-]{30,}
FEISHU https://open.feishu.cn/open-apis/bot/v2/hook/|https://open.larksuite.com/open-apis/bot/v2/hook/ [0-9a-f-]{36}
WECOM https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key= [0-9a-f-]{36}
MAKE https://hook.eu1.make.com/|https://hook.eu2.make.com/|https://hook.us1.make.com/|https://hook.us2.make.com/ [a-z0-9]{28,}
TEAMS https://outlook.office.com/webhook/|https://outlook.office365.com/webhook/ [\\w@-]{60,}/IncomingWebhook/[\\w/-]+
VICTOROPS https://alert.victorops.com/integrations/generic/ \\d{6,10}/alert/[0-9a-f-]{36}
`;

/** Tokens known by a part inside them: KIND part whole, where `whole` matches the run of token characters around the part. */
export const insideRules = `
OPENAI T3BlbkFJ sk-[\\w-]{16,}T3BlbkFJ[\\w-]{16,}
GOOGLE :APA91b [\\w-]{7,22}:APA91b[\\w-]{100,}
AZURE Q~ [\\w~.-]{3}\\dQ~[\\w~.-]{31,34}
AZURE JQQJ99 [A-Za-z0-9]{40,56}JQQJ99[A-Za-z0-9]{18,40}
AZURE AZDO [A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])
AZURE AzFu [\\w-]{40,56}AzFu[\\w-]{6}==
AZURE ACDb [A-Za-z0-9+/]{76}ACDb[A-Za-z0-9+/]{6}==
AZURE +ASt [A-Za-z0-9+/]{76}\\+ASt[A-Za-z0-9+/]{6}==
AZURE +ASb [A-Za-z0-9+/]{33}\\+ASb[A-Za-z0-9+/]{6}=
AZURE +AEh [A-Za-z0-9+/]{33}\\+AEh[A-Za-z0-9+/]{6}=
AZURE AIoT [A-Za-z0-9+/]{33}AIoT[A-Za-z0-9+/]{6}=
AZURE +ACR [A-Za-z0-9+/]{42}\\+ACR[A-Za-z0-9]{6}
TERRAFORM .atlasv1. [A-Za-z0-9]{14}\\.atlasv1\\.[\\w-]{50,}
NEWRELIC NRAL [0-9a-f]{36}NRAL
MAILCHIMP -us [0-9a-f]{32}-us\\d{1,2}
TELEGRAM :AA \\d{8,10}:AA[\\w-]{32,34}
RAPIDAPI msh [a-z0-9]{10}msh[a-z0-9]{15}p1[a-z0-9]{6}jsn[a-z0-9]{12}
MAXMIND _mmk [A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk
TEAMS .webhook.office.com/ (?:https://)?[\\w-]+\\.webhook\\.office\\.com/webhookb2/[\\w@-]+/IncomingWebhook/[\\w/-]+
INTRA s-s4t s-s4t2(?:ud|af)-[0-9a-f]{64}
DROPBOX AAAAAAAAAA [a-z0-9]{11}A{10}[\\w=-]{40,46}
WEBFLOW ws- ws-[0-9a-f]{60,}
`;

/** Tokens without a literal part, KIND form. Each is anchored on a sign that is rare between such runs, and must look like chance. */
export const signRules = `
DISCORD (?<![\\w.-])[MNO][\\w-]{22,27}\\.[\\w-]{6}\\.[\\w-]{27,40}(?![\\w-])
ZHIPU (?<![\\w.-])[0-9a-f]{32}\\.[A-Za-z0-9]{16}(?![\\w.-])
ABLY (?<![\\w.-])[\\w-]{6}\\.[\\w-]{6}:[\\w-]{40,46}(?![\\w-])
NGROK (?<![\\w.-])2[A-Za-z0-9]{25,27}_[A-Za-z0-9]{20,24}(?![\\w-])
SALESFORCE (?<![\\w.-])00[A-Za-z0-9]{10,16}![\\w.]{60,}
FACEBOOK (?<![\\w.-])\\d{15,16}\\|[\\w-]{27,40}(?![\\w-])
ASANA (?<![\\w./-])[012]/(?:\\d{13,20}/){0,2}\\d{13,20}:[0-9a-f]{32}(?![\\w-])
ZOHO (?<![\\w.-])1000\\.[0-9a-f]{32}\\.[0-9a-f]{32}(?![\\w-])
UPTIMEROBOT (?<![\\w.-])[um]r?\\d{6,10}-[0-9a-f]{24}(?![\\w-])
BITWARDEN (?<![\\w.-])0\\.[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\\.[A-Za-z0-9]{30}:[A-Za-z0-9+/]{22}==
FAL (?<![\\w.-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}:[0-9a-f]{32}(?![\\w-])
TABLEAU (?<![\\w.+/-])[A-Za-z0-9+/]{22}==:[A-Za-z0-9]{32}(?![\\w-])
INFLUXDB (?<![\\w.+/-])(?=[A-Za-z0-9_]{0,86}-|[A-Za-z0-9-]{0,86}_)[\\w-]{86}==
UNLEASH (?<![\\w.*:-])[\\w*-]{1,40}:[\\w-]{1,20}\\.[0-9a-f]{56,64}(?![\\w-])
OKTA (?<![\\w.+/-])00(?=[a-z0-9_-]{0,40}[A-Z])(?=[A-Za-z0-9-]{0,40}[_-]|[A-Za-z0-9]{0,40}[G-Zg-z])[\\w-]{40}(?![\\w+/=-])
TATUM (?<![\\w.-])t-[0-9a-f]{24}-[0-9a-f]{24}(?![\\w-])
VIBER (?<![\\w.-])[0-9a-f]{16}-[0-9a-f]{16}-[0-9a-f]{16}(?![\\w-])
MONEY (?<![\\w.+/-])(?:5[HJK][1-9A-HJ-NP-Za-km-z]{49}|[KL][1-9A-HJ-NP-Za-km-z]{51})(?![\\w+/=-])
`;
