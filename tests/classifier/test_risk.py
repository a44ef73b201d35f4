"""Security-critical work is never routed down; a question that only sounds of it may be."""

import pytest

from classifier.decide import classify
from classifier.force import compile_patterns
from classifier.tiers import Tier
from tests.classifier.asks import said

FORCES = compile_patterns([])
CRITICAL = """
Audit our JWT validation code for signature bypass vulnerabilities
Review the password reset flow for account takeover risks
Find SQL injection vulnerabilities in this query builder
Analyze this code for remote code execution
Is this deserialization code exploitable? Analyze it thoroughly
Perform a threat model of our OAuth implementation
Check whether our S3 bucket policy leaks customer data
Assess the risk of storing credit card numbers in Redis
Investigate how attackers got access to our admin panel
Do a penetration test plan for our API
Harden the nginx TLS configuration for production
Rotate all leaked credentials and revoke tokens
Look for hardcoded secrets in the repository
Review our access control checks for IDOR
Evaluate the security of our session handling
Examine the sandbox escape risk in our plugin system
Fix the authentication bypass in login.py
Patch the XSS vulnerability in the comment form
Analyze the CVE-2024-3094 backdoor impact on our servers
Review cryptographic key generation for weaknesses
Verify that our encryption at rest is implemented correctly
Inspect the SSRF protection in the webhook fetcher
Investigate a data breach: logs show suspicious logins from multiple IPs
Evaluate whether our CSRF tokens are validated on all state-changing endpoints
Identify race conditions in the payment authorization code
Check our RBAC rules for privilege escalation
Analyze this malware sample's persistence mechanism
Review the terraform for publicly exposed databases
Implement secure password hashing and migrate existing users
Design a key management system for our multi-tenant platform
Find memory safety bugs in this C parser that could be exploited
Triage this security incident: an employee's token was stolen
Explain how an attacker could exploit this buffer overflow in our code and how to fix it
Review the smart contract for reentrancy vulnerabilities
Are there any timing attacks possible in this comparison function? Analyze.
Evaluate our secrets management approach in Kubernetes
What vulnerabilities does this authentication middleware have?
Check this Dockerfile for security issues
Verify the SAML assertion validation logic
Assess GDPR exposure if the user table was exfiltrated
Analyze our login rate limiting for brute force weaknesses
Review these IAM policies for overly broad permissions
""".strip().splitlines()
HARMLESS = """
What is SQL injection?
What does XSS stand for?
How do I reset my password?
What is two-factor authentication?
Explain what a firewall does
Write a poem about encryption
Who invented RSA?
What's the difference between HTTP and HTTPS?
rename the login button to Sign in
Is my password strong?
How do I log in to github?
define phishing
what port does https use
add a comment above the token variable
Write a short haiku about hackers
what is a token in NLP?
How do I kill a Python process?
How do I blow up a balloon?
What is the best way to kill weeds?
translate "secret" to Spanish
fix the typo in the login page title
""".strip().splitlines()


@pytest.mark.parametrize("text", CRITICAL)
def test_security_critical_work_is_at_least_complex(text):
    assert classify(said(text), forces=FORCES).tier >= Tier.COMPLEX


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_question_that_sounds_of_security_stays_cheap(text):
    assert classify(said(text), forces=FORCES).tier <= Tier.MEDIUM


def test_the_verdict_names_the_risk_and_what_showed_it():
    verdict = classify(said("fix the auth bug in session.js"), forces=FORCES)
    assert verdict.reason == "risk:sensitive"
    assert "1 sensitive files" in verdict.steps[-1]


def test_work_on_live_data_is_at_least_complex():
    verdict = classify(said("drop the users table in the production database"), forces=FORCES)
    assert (verdict.tier, verdict.reason) == (Tier.COMPLEX, "risk:production")
