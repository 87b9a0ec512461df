# Two commands do everything from a fresh clone: `make demo` and `make test`.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
OUT := out
BOOKS := ledger/books
FUZZ_SECONDS ?= 600
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUTF8 := 1

.PHONY: demo test fuzz mutate lint docs bench clean help

help:
	@echo "make demo   kiểm tra sổ Hà Nội 2021 và lập bảng quyết toán vào $(OUT)/"
	@echo "make test   chạy toàn bộ kiểm thử"
	@echo "make fuzz   nhập tệp hỏng ngẫu nhiên trong $(FUZZ_SECONDS) giây"
	@echo "make mutate đột biến mã quy tắc, xem các ca có phát hiện không"
	@echo "make lint   ruff, mypy, bandit"
	@echo "make docs   sinh lại các trang tài liệu từ mã nguồn"
	@echo "make bench  đo tốc độ so với bean-check"

# setuptools builds the few libraries that come as source only; that of an older venv cannot.
$(VENV)/.installed: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Cần Python 3.11 trở lên, có mô-đun venv."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -c constraints.txt hatchling editables setuptools
	$(BIN)/python -m pip install -q -c constraints.txt --no-build-isolation -e .
	@touch $@

$(VENV)/.tools: $(VENV)/.installed
	$(BIN)/python -m pip install -q -c constraints.txt --no-build-isolation -e '.[test]'
	@touch $@

demo: $(VENV)/.installed
	$(BIN)/cnht check $(BOOKS)/hanoi-2021
	$(BIN)/cnht settle $(BOOKS)/hanoi-2021 --year 2021 -o $(OUT) --force

test: $(VENV)/.tools
	@bash .ci/apt
	$(BIN)/python -m pytest -n auto --dist worksteal

# What still runs two minutes after its time hangs, which is a fault.
fuzz: $(VENV)/.tools
	CNHT_FUZZ_SECONDS=$(FUZZ_SECONDS) timeout --signal=INT $$(($(FUZZ_SECONDS) + 120)) \
	    $(BIN)/python -m pytest -x -n auto tests/test_import_fuzz.py

mutate: $(VENV)/.tools
	$(BIN)/python -m tests.mutate_rules

lint: $(VENV)/.tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/bandit -q -c pyproject.toml -r ledger rules importers reports cnht.py

docs: $(VENV)/.installed
	$(BIN)/python docs/generate.py

bench: $(VENV)/.installed
	$(BIN)/python benchmarks/check_speed.py

clean:
	rm -rf $(VENV) $(OUT) .mypy_cache .ruff_cache .hypothesis
