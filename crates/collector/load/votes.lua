-- Load for wrk: every request is a batch of votes that were never sent before.
--   BATCH=1 wrk -t2 -c32 -d30s --latency -s crates/collector/load/votes.lua http://127.0.0.1:8787/v1/votes
-- The collector needs limits out of the way, see crates/collector/README.md.
local batch = tonumber(os.getenv("BATCH") or "1")
local counter, thread = 0, 0

function setup(created)
  created:set("number", thread)
  thread = thread + 1
end

function init()
  math.randomseed(os.time() * 16 + number)
  run = string.format("%08x%04x", math.random(0, 0x7fffffff), number)
end

local tokens = {}
for index = 1, 60 do tokens[index] = tostring(index * 31 % 2048) end
tokens = table.concat(tokens, ",")
local lines = "The silver moon is climbing high\\nabove the sleeping town,\\nand every star across the sky\\nis softly looking down."

local function answer(sum, seed)
  return string.format('{"text":"%s %s","token_ids":[%s],"is_complete":true,"source":{"stage":"sft","model_sha256":"%s","temperature":0.7,"top_k":null,"top_p":null,"seed":%d,"row":0,"max_new_tokens":96,"device":"cpu"}}',
    lines, sum:sub(1, 2), tokens, sum, seed)
end

local function vote()
  counter = counter + 1
  local client = string.format("%s%020x", run, 0)
  return string.format('{"schema":1,"id":"%s%020x","prompt":"Write a poem about the moon","answer_a":%s,"answer_b":%s,"choice":{"prefer":{"side":"%s","strength":"better"}},"time_unix_ms":1764000000000,"client":"%s","app_version":"0.1.0"}',
    run, counter, answer(string.rep("a1", 32), counter), answer(string.rep("b2", 32), counter), counter % 3 == 0 and "a" or "b", client)
end

function request()
  local votes = {}
  for index = 1, batch do votes[index] = vote() end
  local body = string.format('{"schema":1,"owner":"%s","shares_own_prompts":false,"votes":[%s]}', string.rep("0f", 32), table.concat(votes, ","))
  return wrk.format("POST", nil, { ["content-type"] = "application/json" }, body)
end

