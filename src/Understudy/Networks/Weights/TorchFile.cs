using System.Globalization;
using System.IO.Compression;
using System.Numerics;
using Understudy.Common;

namespace Understudy.Networks;

/// <summary>
/// PyTorch's weight files, <c>.pth</c> and <c>.pt</c>: the zip form of version 1.6 and later, and the form before it. Read by
/// <see cref="Unpickler"/>, which runs nothing.
/// </summary>
internal static class TorchFile
{
    private static readonly BigInteger s_magic = BigInteger.Parse("119547037146038801333356", CultureInfo.InvariantCulture);

    /// <exception cref="InvalidDataException">Damaged, not of PyTorch, or asking for what is refused; the message names the
    /// file.</exception>
    public static IReadOnlyList<KeyValuePair<string, SafetensorsEntry>> Read(Stream file, string source)
    {
        Span<byte> start = stackalloc byte[4];
        var zipped = file.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4 && start.SequenceEqual("PK\u0003\u0004"u8);
        file.Position = 0;
        var storages = new Dictionary<string, TorchStorage>(StringComparer.Ordinal);
        var root = zipped ? ReadZip(file, storages, source) : ReadLegacy(file, storages, source);
        return StateDictionary.Entries(root, Budget(file.Length), source);
    }

    /// <summary>Bytes that may be made out of a file of this length: views may overlap, but not without end.</summary>
    private static long Budget(long length) => 4 * length;

    private static object? ReadZip(Stream file, Dictionary<string, TorchStorage> storages, string source)
    {
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            var left = file.Length;
            var pickles = zip.Entries.Where(e => e.FullName.EndsWith("/data.pkl", StringComparison.Ordinal)).ToList();
            if (pickles.Count != 1)
                throw new InvalidDataException($"{source}: a zip with {pickles.Count} data.pkl; weights of PyTorch have one");
            var prefix = pickles[0].FullName[..^"data.pkl".Length];
            var byName = zip.Entries.ToLookup(e => e.FullName, StringComparer.Ordinal);
            if (byName.FirstOrDefault(e => e.Count() > 1) is { Key: var twice })
                throw new InvalidDataException($"{source}: '{twice}' stands twice in the zip: refused; save the weights anew");
            if (byName[prefix + "byteorder"].FirstOrDefault() is { } order && !Content(order).AsSpan().SequenceEqual("little"u8))
                throw new InvalidDataException($"{source}: its numbers are big-endian; save it on a little-endian machine");
            var root = new Unpickler(new(Content(pickles[0]), source), storages).Read();
            foreach (var storage in storages.Values)
            {
                var entry = byName[$"{prefix}data/{storage.Key}"].FirstOrDefault()
                    ?? throw new InvalidDataException(
                        $"{source}: lacks the data of storage '{storage.Key}'; the file is damaged");
                if (entry.Length != ByteCount(storage))
                    throw new InvalidDataException($"{source}: storage '{storage.Key}' has {entry.Length} bytes where "
                        + $"{storage.Count} {storage.Type.Dtype} are declared");
                storage.Data = Content(entry);
            }
            return root;

            byte[] Content(ZipArchiveEntry entry)
            {
                // PyTorch stores and does not deflate; so no entry can be larger than the file, nor all of them together.
                if (entry.CompressedLength != entry.Length || entry.Length > left || entry.Length > Array.MaxLength)
                    throw new InvalidDataException($"{source}: '{entry.FullName}' claims {entry.Length} bytes in "
                        + $"{entry.CompressedLength} of a file of {file.Length}: refused");
                left -= entry.Length;
                var content = new byte[entry.Length];
                using var stream = entry.Open();
                stream.ReadExactly(content);
                return content;
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or ArgumentException or NotSupportedException
            or OverflowException
            && !e.Message.StartsWith(source, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{source}: a truncated or damaged zip: {e.Message}", e);
        }
    }

    private static object? ReadLegacy(Stream file, Dictionary<string, TorchStorage> storages, string source)
    {
        if (file.Length > Array.MaxLength)
            throw new InvalidDataException($"{source}: has {file.Length} bytes; this form is read up to 2 GB");
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var cursor = new PickleCursor(bytes, source);
        if (bytes.Length == 0 || bytes[0] != 0x80 || Next() is not BigInteger magic || magic != s_magic)
            throw new InvalidDataException($"{source}: neither safetensors nor weights of PyTorch");
        if (Next() is not 1001L)
            throw new InvalidDataException($"{source}: of an unknown version of PyTorch's format; 1001 is read");
        if (Next() is not Dictionary<object, object?> system || !system.TryGetValue("little_endian", out var little)
            || little is not true)
        {
            throw new InvalidDataException($"{source}: its numbers are not little-endian; save it on a little-endian machine");
        }
        var root = new Unpickler(cursor, storages).Read();
        if (Next() is not List<object?> keys) throw cursor.Error("the list of storages is missing");
        foreach (var key in keys)
        {
            if (key is not string name || !storages.TryGetValue(name, out var storage) || storage.Data is not null)
                throw cursor.Error("the list of storages names one that no tensor has, or one twice");
            if (cursor.Int64() is var count && count != storage.Count)
                throw cursor.Error($"storage '{name}' has {count} elements where {storage.Count} are declared");
            storage.Data = cursor.Take(ByteCount(storage));
        }
        return storages.Values.FirstOrDefault(s => s.Data is null) is { } lost
            ? throw cursor.Error($"lacks the data of storage '{lost.Key}'") : root;

        object? Next() => new Unpickler(cursor, []).Read();
    }

    /// <summary>Never overflows: what would is larger than any file.</summary>
    private static long ByteCount(TorchStorage storage) =>
        storage.Count > long.MaxValue / storage.Type.Bytes ? long.MaxValue : storage.Count * storage.Type.Bytes;
}
