using System.Security.Cryptography;
using System.Text;

namespace Understudy.Common;

/// <summary>SHA-256 over length-prefixed parts, so that ("ab","c") and ("a","bc") differ. Lower-case hexadecimal.</summary>
public sealed class Fingerprint : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public Fingerprint Add(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(BitConverter.GetBytes((long)bytes.Length));
        _hash.AppendData(bytes);
        return this;
    }

    public Fingerprint Add(string text) => Add(Encoding.UTF8.GetBytes(text));

    public Fingerprint Add(long value) => Add(BitConverter.GetBytes(value));

    /// <summary>64 hexadecimal digits; the hash is finished and starts anew.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public static string Of(params string[] parts)
    {
        using var f = new Fingerprint();
        foreach (var p in parts) f.Add(p);
        return f.Finish();
    }

    /// <summary>The SHA-256 of a file's bytes, as <c>sha256sum</c> prints it.</summary>
    public static string OfFile(string path)
    {
        using var s = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(s));
    }

    public void Dispose() => _hash.Dispose();
}
