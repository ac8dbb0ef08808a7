using Understudy.Common;

namespace Understudy.Networks;

/// <summary>Models for ONNX Runtime and whatever else reads them.</summary>
internal static class OnnxFile
{
    /// <summary>The version of ONNX's operations that are used; runtimes of 2022 and later have them.</summary>
    private const int OperationSet = 17;

    private const int Version = 8;
    private const long MostBytes = int.MaxValue;

    /// <summary>Writes a graph as a model, atomically.</summary>
    /// <param name="graph">A GraphProto.</param>
    /// <param name="metadata">Strings for the file, such as the class names.</param>
    /// <exception cref="NotSupportedException">Weights beyond the format's 2 GB.</exception>
    public static void Write(string path, OnnxMessage graph, IReadOnlyDictionary<string, string> metadata)
    {
        var model = new OnnxMessage().Number(1, Version).Text(2, "understudy").Message(7, graph)
            .Message(8, new OnnxMessage().Text(1, "").Number(2, OperationSet));
        foreach (var (key, value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
            model.Message(14, new OnnxMessage().Text(1, key).Text(2, value));
        if (model.Length > MostBytes)
            throw new NotSupportedException($"{path}: {Human.Bytes(model.Length)}; an ONNX file holds up to 2 GB");
        AtomicFile.Write(path, model.WriteTo);
    }
}
