using Understudy.Common;

namespace Understudy.Networks;

/// <summary>Files of named arrays by their content: safetensors, or PyTorch's <c>.pth</c>/<c>.pt</c> in either form.</summary>
public static class WeightsFile
{
    /// <summary>
    /// Reads every array. Of a PyTorch file these are the tensors of its state dictionary, also where it lies under "state_dict"
    /// or "model" or its names begin with "module."; strided and shared ones are given row-major. Nothing in a file is ever run:
    /// what is neither tensor, number, string nor container is refused by name.
    /// </summary>
    /// <exception cref="InvalidDataException">Truncated, damaged, refused, or of no such format; the message begins with the
    /// path.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static IReadOnlyList<KeyValuePair<string, SafetensorsEntry>> Read(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[9];
        var read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        // safetensors begins with the length of a JSON object; neither form of PyTorch has a brace there.
        return read == start.Length && start[8] == '{' ? SafetensorsFile.Read(path).Entries : TorchFile.Read(file, path);
    }
}
