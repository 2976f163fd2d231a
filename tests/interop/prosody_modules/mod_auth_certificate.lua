-- Accounts by client certificate, as XEP-0178 has it: Debian's Prosody has SASL EXTERNAL for other
-- servers alone. Each XmppAddr of a verified certificate that is of this host is an account; the
-- authzid has to name one of them if there is more than one.
local jid = require "util.jid";
local sasl = require "util.sasl";

local SUBJECT_ALT_NAME, XMPP_ADDR = "2.5.29.17", "1.3.6.1.5.5.7.8.5";
local provider = {};

local function users_of(certificate)
	local found = {};
	local names = certificate:extensions()[SUBJECT_ALT_NAME] or {};
	for _, address in ipairs(names[XMPP_ADDR] or {}) do
		local user, host, resource = jid.prepped_split(address);
		if user and host == module.host and not resource then
			table.insert(found, user);
		end
	end
	return found;
end

local function choose(users, authzid)
	if authzid == "" then
		return #users == 1 and users[1] or nil;
	end
	local wanted, host, resource = jid.prepped_split(authzid);
	for _, user in ipairs(users) do
		if user == wanted and host == module.host and not resource then
			return user;
		end
	end
end

function provider.get_sasl_handler(session)
	local socket = session.secure and session.conn:socket();
	local certificate = socket and socket.getpeercertificate and socket:getpeercertificate();
	local profile = {};
	if certificate and socket:getpeerverification() then
		function profile.external(authzid)
			local user = choose(users_of(certificate), authzid);
			return user, user and true or nil;
		end
	end
	return sasl.new(module.host, profile);
end

function provider.user_exists()
	return true;
end

module:provides("auth", provider);
