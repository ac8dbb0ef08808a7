using static TorchSharp.torch;

namespace Understudy.Training.Phases;

/// <summary>Labels as the networks are told them, and the labels that fakes are made for.</summary>
/// <param name="dataLabels">Of every real image; fakes draw theirs from them.</param>
/// <param name="classes">Of the data.</param>
/// <param name="labelDim">Length of c; 0 where classes are not learned.</param>
internal sealed class Conditioning(int[] dataLabels, int classes, int labelDim, FakeLabels fakes, Keys keys)
{
    private readonly int[] _present = [.. dataLabels.Distinct().Order()];

    /// <summary>Labels for a batch of fakes, by key; of classes that have images only.</summary>
    public int[] Draw(string phase, long step, int count)
    {
        var random = keys.Random($"gan/labels/{phase}", step);
        return [.. Enumerable.Range(0, count).Select(_ => fakes == FakeLabels.Balanced && labelDim > 0
            ? _present[random.Next(_present.Length)] : dataLabels[random.Next(dataLabels.Length)])];
    }

    /// <summary>For each label another one, by key: any but itself, as frequent as in the data.</summary>
    /// <exception cref="InvalidOperationException">The data have one class only.</exception>
    public int[] DrawOthers(string phase, long step, int[] labels)
    {
        if (_present.Length < 2) throw new InvalidOperationException("there is no other class");
        var random = keys.Random($"gan/labels/{phase}", step);
        return [.. labels.Select(Other)];

        int Other(int label)
        {
            int other;
            do other = dataLabels[random.Next(dataLabels.Length)];
            while (other == label);
            return other;
        }
    }

    /// <summary>[N, label_dim], or null where classes are not learned.</summary>
    public Tensor? Encode(int[] labels) => LabelEncoding.Encode(labels, labelDim, classes);
}
