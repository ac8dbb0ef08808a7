namespace Understudy.Training;

/// <summary>Where the labels of fake images come from while training.</summary>
public enum FakeLabels
{
    /// <summary>As often as in the data.</summary>
    Data,

    /// <summary>Every class equally often.</summary>
    Balanced,
}
