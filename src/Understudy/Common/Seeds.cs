using System.Security.Cryptography;
using System.Text;

namespace Understudy.Common;

/// <summary>
/// Randomness is keyed: a draw comes from (root seed, name, step) and from nothing else, so that a resumed or a parallel run
/// draws the same numbers, and no generator state needs saving.
/// </summary>
public static class Seeds
{
    /// <summary>A 64-bit seed for one purpose (<paramref name="name"/>, such as "gan/z") at one step.</summary>
    public static ulong For(ulong root, string name, long step = 0)
    {
        Span<byte> key = stackalloc byte[16 + Encoding.UTF8.GetMaxByteCount(name.Length)];
        BitConverter.TryWriteBytes(key, root);
        BitConverter.TryWriteBytes(key[8..], step);
        var n = Encoding.UTF8.GetBytes(name, key[16..]);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(key[..(16 + n)], hash);
        return BitConverter.ToUInt64(hash);
    }
}
