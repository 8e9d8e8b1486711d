-- Does in Neovim what a person would do, and writes down what they would see. Nothing sleeps: every step waits for its effect.
local seen = { rules = {}, asked = {}, said = {} }

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n') .. '\n'
end

local function wait_for(what, probe)
  if not vim.wait(30000, probe, 20) then error(what .. ' did not come; the buffer is:\n' .. text()) end
end

local function rule_at(rule)
  return vim.iter(vim.diagnostic.get(0)):find(function(diagnostic) return diagnostic.code == rule end)
end

-- a person who agrees to whatever is asked
vim.ui.select = function(items, options, choose)
  table.insert(seen.asked, (options or {}).prompt or '')
  choose(items[1], 1)
end
vim.notify = function(message) table.insert(seen.said, message) end

local ok, failure = pcall(function()
  wait_for('the finding', function() return rule_at('dockerfile/add-for-copy') end)
  seen.rules = vim.iter(vim.diagnostic.get(0)):map(function(diagnostic) return diagnostic.code end):totable()

  local finding = rule_at('dockerfile/add-for-copy')
  vim.api.nvim_win_set_cursor(0, { finding.lnum + 1, finding.col })
  vim.lsp.buf.code_action({
    context = { only = { 'quickfix' } },
    filter = function(action) return action.isPreferred and not action.disabled end,
    apply = true,
  })
  wait_for('the quick fix', function() return text():find('COPY server.js', 1, true) ~= nil end)
  seen.fixed = text()

  vim.api.nvim_buf_set_lines(0, 3, 3, false, { 'ADD other.js /app/' })
  vim.cmd.write()
  seen.modified = vim.bo.modified
  seen.written = table.concat(vim.fn.readfile(vim.api.nvim_buf_get_name(0)), '\n') .. '\n'

  vim.cmd.BulkheadHarden()
  wait_for('harden', function() return text():find('\nUSER ', 1, true) ~= nil end)
  seen.hardened = text()

  vim.fn.input = function() return 'the demo has no users' end
  finding = rule_at('dockerfile/missing-healthcheck')
  vim.api.nvim_win_set_cursor(0, { finding.lnum + 1, finding.col })
  vim.lsp.buf.code_action({ context = { only = { 'quickfix' } }, filter = function(action) return action.title == 'Suppress…' end, apply = true })
  wait_for('the suppression', function() return text():find('bulkhead-ignore', 1, true) ~= nil end)
  seen.suppressed = text()

  vim.cmd('edit! compose.yaml')
  wait_for('findings to ask about', function() return #vim.diagnostic.get(0) > 0 end)
  vim.cmd.BulkheadQuestions()
  wait_for('the end of the interview', function() return vim.tbl_contains(seen.said, 'No open questions') end)
  seen.answered = text()
  vim.cmd.BulkheadFill()
  wait_for('a place to fill, or that there is none', function() return vim.snippet.active() or vim.tbl_contains(seen.said, 'Nothing to fill in') end)
  seen.filling = text()
end)
if not ok then seen.error = tostring(failure) end
vim.fn.writefile({ vim.json.encode(seen) }, vim.env.BULKHEAD_RESULT)
vim.cmd('qall!')
