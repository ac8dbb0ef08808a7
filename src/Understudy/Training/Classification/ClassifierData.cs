using System.Runtime.InteropServices;
using Understudy.Common;
using Understudy.Data;

namespace Understudy.Training.Classification;

/// <summary>What a classifier is taught and chosen with. There is no place for test images.</summary>
/// <param name="Selection">The training images, with labels or probabilities and weights.</param>
/// <param name="Sets">Image sets by the names the selection gives as sources.</param>
/// <param name="Validation">Chooses the best epoch; never trained on.</param>
/// <param name="SplitHash"><see cref="Split.Hash"/> of the split that gave both; travels in the classifier's file.</param>
public sealed record ClassifierData(Selection Selection, IReadOnlyDictionary<string, ImageSet> Sets, ImageSet Validation,
    string SplitHash)
{
    /// <summary>What the classifier has seen whose answers the selection teaches; null where nobody is known to have.</summary>
    internal SeenImages? TeacherHasSeen { get; init; }

    /// <exception cref="OptionException">
    /// One class only, no validation image, images that are not square or neither grey nor RGB, validation classes that are not
    /// the selection's, or a validation image that is trained on.
    /// </exception>
    public void Validate()
    {
        Selection.Classes.RequireSeveral();
        if (Validation.Count == 0)
            throw new OptionException("validation: 0 images; give the split a validation part, the best epoch is chosen with it");
        if (!Validation.Classes.Equals(Selection.Classes))
            throw new OptionException($"validation: has the classes [{Validation.Classes}], the selection [{Selection.Classes}]; "
                + "names and order must be the same");
        foreach (var (name, set) in Sets.Append(new("validation", Validation))) RequireFitting(name, set.Shape);
        foreach (var row in Selection.Rows.Where(IsValidated).Take(1))
        {
            throw new OptionException($"validation: image '{row.Id}' is also trained on; "
                + "give images that are not, the best epoch is chosen with them");
        }
    }

    private static void RequireFitting(string name, ImageShape shape)
    {
        if (shape.Channels is not (1 or 3))
            throw new OptionException($"{name}: images of {shape.Channels} channels; classifiers take grey (1) and RGB (3) ones");
        if (shape.Height != shape.Width)
        {
            throw new OptionException($"{name}: images of {shape.Height}×{shape.Width} would be squeezed into squares; read them with "
                + "--size N and --crop center, or pad");
        }
    }

    /// <param name="training">Channels of the training images.</param>
    /// <exception cref="OptionException">Validation images of another number of channels.</exception>
    public void RequireValidationChannels(int training)
    {
        if (Validation.Shape.Channels == training) return;
        throw new OptionException($"validation: its images have {Validation.Shape.Channels} channels, the training images "
            + $"{training}; "
            + "read both with the same --channels");
    }

    /// <summary>
    /// Whether a row's image is a validation image too. Ids of another source can be the same by chance: then the pixels differ.
    /// </summary>
    private bool IsValidated(SelectedImage row) => Validation.IndexOf(row.Id) is >= 0 and var at
        && Sets.TryGetValue(row.Source, out var set) && set.IndexOf(row.Id) is >= 0 and var from
        && set.Shape == Validation.Shape && set[from].SequenceEqual(Validation[at]);

    /// <summary>
    /// SHA-256 over what training reads: the selected images and what they are taught as, the validation images. Whatever else
    /// the sets hold does not matter.
    /// </summary>
    public string Fingerprint()
    {
        using var f = new Fingerprint();
        f.Add("classifier-data/1").Add(Validation.Fingerprint).Add(SplitHash).Add(Selection.Rows.Count);
        foreach (var row in Selection.Rows)
        {
            f.Add(row.Source).Add(row.Id).Add(row.Label).Add(BitConverter.DoubleToInt64Bits(row.Weight));
            f.Add(MemoryMarshal.AsBytes<float>(row.Soft ?? []));
            if (Sets.TryGetValue(row.Source, out var set) && set.IndexOf(row.Id) is >= 0 and var at) f.Add(set[at]);
        }
        return f.Finish();
    }
}
