-- `:checkhealth tierline`: what is there, what is missing, and how to mend it.

local M = {}

local function installed(program)
  local done = vim.system({ program, '--version' }, { text = true }):wait(10000)
  return done.code == 0 and vim.trim(done.stdout) or nil, vim.trim(done.stderr or '')
end

local function check_server(program)
  if vim.fn.executable(program) == 0 then
    vim.health.error(('`%s` is not on the PATH'):format(program), {
      'build it with `cargo install --path .` in a clone of Tierline',
      "or name it: vim.lsp.config('tierline', { cmd = { '/path/to/tierline', 'lsp' } })",
    })
    return false
  end
  local version, fault = installed(program)
  if not version then
    vim.health.error(('`%s` does not run: %s'):format(program, fault))
    return false
  end
  vim.health.ok(('%s at %s'):format(version, vim.fn.exepath(program)))
  return true
end

local function check_models(program)
  local done = vim.system({ program, 'doctor', '--json' }, { text = true }):wait(30000)
  local read, doctor = pcall(vim.json.decode, done.stdout)
  if done.code ~= 0 or not read then
    vim.health.error('the doctor does not answer: ' .. vim.trim(done.stderr or ''))
    return
  end
  for _, problem in ipairs(doctor.problems or {}) do
    vim.health.warn(problem)
  end
  local has_model = false
  for _, tier in ipairs(doctor.tiers or {}) do
    if type(tier.model) == 'string' then
      has_model = true
      vim.health.ok(('%s: %s at %s'):format(tier.tier, tier.model, tier.host))
    elseif type(tier.reason) == 'string' then
      vim.health.warn(('%s: %s'):format(tier.tier, tier.reason))
    end
  end
  if not has_model then
    vim.health.info(('no model is configured, so the index answers alone; %s says which'):format(doctor.user_file))
  end
end

function M.check()
  vim.health.start('Tierline')
  if vim.fn.has('nvim-0.11') == 0 then
    vim.health.error('Neovim 0.11 or later is needed')
    return
  end
  local config = vim.lsp.config.tierline
  if not config then
    vim.health.error('lsp/tierline.lua is not on the runtimepath')
    return
  end
  local program = type(config.cmd) == 'table' and config.cmd[1] or 'tierline'
  if not check_server(program) then
    return
  end
  if vim.lsp.is_enabled('tierline') then
    vim.health.ok('the server is enabled')
  else
    vim.health.warn('the server is not enabled', { "vim.lsp.enable('tierline')" })
  end
  local clients = vim.lsp.get_clients({ name = 'tierline' })
  if #clients == 0 then
    vim.health.info('it runs for no buffer; it starts in a workspace, which is a folder with a tierline.toml or a .git')
  end
  for _, client in ipairs(clients) do
    local count = vim.tbl_count(client.attached_buffers)
    vim.health.ok(('it runs in %s for %d buffers, counting in %s'):format(client.root_dir or 'no folder', count, client.offset_encoding))
  end
  check_models(program)
end

return M
