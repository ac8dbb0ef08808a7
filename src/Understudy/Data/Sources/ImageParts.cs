namespace Understudy.Data;

/// <summary>How images are taken that need not lie in memory all at once: part by part, each forgotten before the next.</summary>
/// <param name="Use">Takes the parts one after another, in the set's order.</param>
/// <param name="Choose">Is told all ids that were listed, in their order, and answers which to read; null for all.</param>
/// <param name="Bytes">Pixels that a part may have; at least <see cref="ImageAssembly.Chunk"/> images are.</param>
internal sealed record ImageParts(
    Action<ImageSet> Use, Func<IReadOnlyList<string>, Predicate<string>>? Choose = null, long Bytes = 1 << 28)
{
    /// <summary>Images in a part, a multiple of <see cref="ImageAssembly.Chunk"/>.</summary>
    public int Most(ImageShape shape) => (int)Math.Max(1, Bytes / shape.Size / ImageAssembly.Chunk) * ImageAssembly.Chunk;

    /// <summary>The indices of the ids that are to be read.</summary>
    public int[] Chosen(IReadOnlyList<string> ids)
    {
        var wanted = Choose?.Invoke(ids) ?? (_ => true);
        return [.. Enumerable.Range(0, ids.Count).Where(i => wanted(ids[i]))];
    }
}
